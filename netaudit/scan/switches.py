"""The owner's switches and routers: their tables, read beside the sweep, each agent in a thread of its own."""

import asyncio
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.evidence.observation import observe
from netaudit.evidence.tables import Row
from netaudit.net.usm import Usm
from netaudit.probes.base import LoginRefusedError
from netaudit.probes.snmp_agent import Agent, AgentSilentError, Speech, SpeechV2c, SpeechV3, Talk
from netaudit.probes.switch_tables import NAME, VERSION, Reading, read_tables
from netaudit.scan.session import Session
from netaudit.scan.talk import Line
from netaudit.scope.gate import plain_address
from netaudit.scope.model import SnmpAgent
from netaudit.scope.snmp_tables import snmp_tables

_AT_ONCE: Final = 8


async def read_agents(session: Session) -> None:
    """Read every [[switch]] and [[router]] of the scope. Each ends as one attempt."""
    room = asyncio.Semaphore(_AT_ONCE)

    todo = [agent for agent in session.gate.scope.agents if not session.journal.finished(NAME, agent.address)]
    done = 0

    async def one(agent: SnmpAgent) -> None:
        nonlocal done
        async with room:
            await _read(session, agent)
        done += 1
        if session.options.tables_only:
            session.beat("tables", done, len(todo))

    async with asyncio.TaskGroup() as work:
        for agent in todo:
            work.create_task(one(agent))


async def _read(session: Session, agent: SnmpAgent) -> None:
    started = rfc3339(now())
    line = Line(session, agent.address)
    speech = _speech(session, agent, line)
    if speech is None:
        session.journal.attempt(NAME, agent.address, "not_sent", f"no secret for {agent.role} {agent.label}", started)
        session.lose(f"the tables of {agent.role} {agent.label} were not read: its secret is missing")
        return
    tables = snmp_tables()
    try:
        asked = Agent(speech, tables.leaves, tables.columns)
        reading = await asyncio.to_thread(read_tables, asked, agent.address, agent.role, agent.name)
    except LoginRefusedError as error:
        session.journal.attempt(NAME, agent.address, "refused", f"{error}: not tried again", started)
        session.lose(f"{agent.role} {agent.label} refused the credential ({error}): it was not tried again")
    except AgentSilentError:
        why = (
            "no answer by SNMP: it is off there, the community is another, or a list of allowed addresses keeps us out"
        )
        session.journal.attempt(NAME, agent.address, "silent", why, started)
        session.lose(f"{agent.role} {agent.label} gave {why}")
    except Exception as error:
        # A reader that an answer can break must not take the run with it.
        session.journal.attempt(NAME, agent.address, "error", f"fault in the reader: {error!r}"[:300], started)
    else:
        _keep(session, agent, reading)
        session.journal.attempt(NAME, agent.address, "answered", "; ".join(reading.notes)[:500], started)
    finally:
        line.hang_up()


def _speech(session: Session, agent: SnmpAgent, talk: Talk) -> Speech | None:
    """Return how to talk to the agent; None where a secret is missing."""
    wanted = [agent.secret, *([agent.privacy_secret] if agent.privacy_secret else [])]
    secrets = [session.options.secret(credential) if session.options.secret else None for credential in wanted]
    if any(secret is None for secret in secrets):
        return None
    first, private = secrets[0] or "", (secrets[1] if len(secrets) > 1 else "") or ""
    if not agent.user:
        return SpeechV2c(first, talk)
    return SpeechV3(Usm(agent.user, agent.authentication, first, agent.privacy, private), talk)


def _keep(session: Session, agent: SnmpAgent, reading: Reading) -> None:
    session.meet(agent.address, "udp")
    at = rfc3339(now())
    via = {"sensor": session.options.sensor, "probe": NAME, "version": VERSION}
    for row in reading.rows:
        if _ours(session, row):
            target = dict(row.target) | _site(session, agent.address, row)
            session.journal.write(observe(row.kind, at, target, via=via, fields=row.fields))
    for note in reading.notes:
        session.lose(f"{agent.role} {agent.label}: {note}")


def _ours(session: Session, row: Row) -> bool:
    """A router also knows addresses that nobody allowed us to look at: those stay out of the log."""
    ip = row.target.get("ip")
    return not isinstance(ip, str) or session.gate.scope.network_of(plain_address(ip)) is not None


def _site(session: Session, switch: str, row: Row) -> dict[str, str]:
    network = session.gate.scope.network_of(plain_address(str(row.target.get("ip", switch))))
    return {"site": network.site} if network is not None and network.site else {}
