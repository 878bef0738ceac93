"""Alembic's entry: runs the steps on the connection that `database.migrate` hands over."""

from alembic import context

from netaudit.store.schema import Base

connection = context.config.attributes["connection"]
# SQLite cannot alter most things in place: batch mode copies the table.
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
