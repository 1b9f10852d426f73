"""Certificates that volunteers hand in: looked at by an organiser, and remembered before they expire."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot import audit
from bot.language import HK
from storage import Transaction, jobs, organisers, owing, volunteer_certificates
from storage.volunteer_certificates import Certificate

JOB: Final = "certificate"
# How long before it expires its holder is told.
REMINDED_BEFORE: Final = timedelta(days=30)
REMINDED_AT: Final = time(10)


@dataclass(frozen=True)
class Changed:
    """It is not the one that was looked at: withdrawn, handed in anew or looked at by somebody else."""


async def hand_in(
    tx: Transaction, person_id: int, kind: str, *, expires_on: date | None, file: str, now: datetime
) -> None:
    """Note a certificate with its picture; organisers are told to look at it.

    An earlier one of the kind is replaced, and counts no more.
    """
    await volunteer_certificates.put(
        tx, person_id, kind, expires_on=expires_on.isoformat() if expires_on else None, file=file, now=now
    )
    await _plan_reminder(tx, person_id, now=now)
    for organiser_id in await organisers.list_all(tx):
        await owing.owe_person(
            tx,
            organiser_id,
            "certificate_given",
            occasion=f"certificate-given:{person_id}:{kind}:{int(now.timestamp())}:{organiser_id}",
            due_at=now,
            rank=owing.TIMELY,
            params={"person_id": person_id, "kind": kind},
        )


async def confirm(
    tx: Transaction, person_id: int, kind: str, *, given_at: int, actor_id: int, now: datetime
) -> Certificate | Changed:
    """Find the certificate good that was handed in at that second; its holder is told.

    The picture is forgotten, as it has served its purpose. Nobody confirms their own.
    """
    certificate = await _shown(tx, person_id, kind, given_at)
    if certificate is None or person_id == actor_id:
        return Changed()
    if await volunteer_certificates.confirm(tx, person_id, kind, checked_by=actor_id, now=now):
        await _settle(tx, certificate, accepted=True, reason="", actor_id=actor_id, now=now)
        await _plan_reminder(tx, person_id, now=now)
    return certificate


async def refuse(
    tx: Transaction, person_id: int, kind: str, reason: str, *, given_at: int, actor_id: int, now: datetime
) -> Certificate | Changed:
    """Not find it good: it is forgotten with its picture, and its holder told why."""
    certificate = await _shown(tx, person_id, kind, given_at)
    if certificate is None or certificate.checked_at is not None:
        return Changed()
    await volunteer_certificates.drop(tx, person_id, kind)
    await _settle(tx, certificate, accepted=False, reason=reason, actor_id=actor_id, now=now)
    await _plan_reminder(tx, person_id, now=now)
    return certificate


async def withdraw(tx: Transaction, person_id: int, kind: str, *, now: datetime) -> bool:
    """Forget the certificate at its holder's wish; shifts taken with it stay theirs."""
    dropped = await volunteer_certificates.drop(tx, person_id, kind)
    await _plan_reminder(tx, person_id, now=now)
    return dropped


async def remind(tx: Transaction, person_id: int, *, now: datetime) -> None:
    """Tell the holder of what expires within 30 days, once each, and plan the next reminder."""
    for one in await volunteer_certificates.list_of_person(tx, person_id):
        if one.expires_on is None or not _reminded_at(one.expires_on) <= now:
            continue
        ends = datetime.combine(date.fromisoformat(one.expires_on) + timedelta(days=1), time(), HK)
        if now < ends:
            await owing.owe_person(
                tx,
                person_id,
                "certificate_expiring",
                occasion=f"certificate-expiring:{person_id}:{one.kind}:{one.expires_on}",
                due_at=now,
                rank=owing.TIMELY,
                useful_until=ends,
                params={"kind": one.kind, "expires_on": one.expires_on},
            )
    await _plan_reminder(tx, person_id, now=now)


async def _shown(tx: Transaction, person_id: int, kind: str, given_at: int) -> Certificate | None:
    """The certificate, if it is still the one that was looked at."""
    found = await volunteer_certificates.lock(tx, person_id, kind)
    return found if found is not None and int(found.given_at.timestamp()) == given_at else None


async def _settle(
    tx: Transaction, certificate: Certificate, *, accepted: bool, reason: str, actor_id: int, now: datetime
) -> None:
    kind = "certificate_accepted" if accepted else "certificate_refused"
    await owing.owe_person(
        tx,
        certificate.person_id,
        kind,
        occasion=f"{kind}:{certificate.person_id}:{certificate.kind}:{int(certificate.given_at.timestamp())}",
        due_at=now,
        rank=owing.TIMELY,
        params={"kind": certificate.kind, "reason": reason},
    )
    await audit.note(
        tx,
        "certificate_checked",
        now=now,
        actor_id=actor_id,
        subject_id=certificate.person_id,
        kind=certificate.kind,
        accepted=accepted,
    )


async def _plan_reminder(tx: Transaction, person_id: int, *, now: datetime) -> None:
    """Plan the next of the person's reminders; what expires sooner than that was seen just now."""
    held = await volunteer_certificates.list_of_person(tx, person_id)
    moments = [_reminded_at(one.expires_on) for one in held if one.expires_on is not None]
    due_at = min((moment for moment in moments if moment > now), default=None)
    if due_at is None:
        await jobs.drop(tx, JOB, person_id)
    else:
        await jobs.plan(tx, JOB, person_id, due_at=due_at)


def _reminded_at(expires_on: str) -> datetime:
    return datetime.combine(date.fromisoformat(expires_on), REMINDED_AT, HK) - REMINDED_BEFORE
