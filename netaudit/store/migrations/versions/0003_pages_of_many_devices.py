"""Indexes for the overview and for what is new, so that both stay quick over 100,000 devices."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_surveillance_site", ["surveillance", "site", "verdict"], unique=False)
        columns = ["surveillance", "first_seen", "address_key", "id"]
        batch_op.create_index("ix_unit_surveillance_first_seen", columns, unique=False)
