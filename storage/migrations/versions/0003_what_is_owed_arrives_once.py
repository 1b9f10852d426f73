"""What is owed arrives once."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


CHECKS = {
    "state": "state IN ('draft', 'review', 'scheduled', 'sending', 'paused', 'cancelled', 'done')",
    "night": "night IN ('now', 'silent', 'morning')",
}


def anew() -> dict[str, Any]:
    """SQLite makes such a table anew."""
    return {"recreate": "always" if op.get_bind().dialect.name == "sqlite" else "never"}


def keep_pictures() -> None:
    """What had one picture has a list of one."""
    variants = sa.table("broadcast_variants", sa.column("photo", sa.Text), sa.column("media", sa.JSON))
    connection = op.get_bind()
    for photo in connection.scalars(
        sa.select(variants.c.photo).where(variants.c.photo.is_not(None)).distinct()
    ).all():
        media = [{"type": "photo", "id": photo}]
        connection.execute(sa.update(variants).where(variants.c.photo == photo).values(media=media))


def count_along() -> None:
    """Tallies of what has ended before they were kept."""
    op.execute(
        "INSERT INTO broadcast_tallies (broadcast_id, kind, locale, state, people)"
        " SELECT notices.broadcast_id, notices.kind, people.locale, notices.state, count(*)"
        " FROM notices JOIN people ON people.id = notices.person_id"
        " WHERE notices.broadcast_id IS NOT NULL AND notices.state NOT IN ('owed', 'claimed')"
        " GROUP BY notices.broadcast_id, notices.kind, people.locale, notices.state"
    )


def upgrade() -> None:
    op.create_table(
        "newsletters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("every IN ('week', 'month')", name=op.f("ck_newsletters_every")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_newsletters_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletters")),
    )
    op.create_table(
        "broadcast_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("spread_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("spread_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("kind IN ('correct', 'recall')", name=op.f("ck_broadcast_changes_kind")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_broadcast_changes_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_changes_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_changes")),
    )
    with op.batch_alter_table("broadcast_changes", schema=None) as batch_op:
        batch_op.create_index("ix_broadcast_changes_broadcast_id", ["broadcast_id"], unique=False)

    op.create_table(
        "broadcast_tallies",
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_tallies_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "kind", "locale", "state", name=op.f("pk_broadcast_tallies")),
    )
    op.create_table(
        "newsletter_texts",
        sa.Column("newsletter_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("foreword", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["newsletter_id"],
            ["newsletters.id"],
            name=op.f("fk_newsletter_texts_newsletter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("newsletter_id", "locale", name=op.f("pk_newsletter_texts")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("newsletter_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="on", nullable=False),
        sa.CheckConstraint("state IN ('on', 'off', 'offered')", name=op.f("ck_subscriptions_state")),
        sa.ForeignKeyConstraint(
            ["newsletter_id"],
            ["newsletters.id"],
            name=op.f("fk_subscriptions_newsletter_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("newsletter_id", "person_id", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index("ix_subscriptions_person_id", ["person_id"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("newsletter_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("forewords", sa.JSON(), nullable=False),
        sa.Column("spread_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("spread_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["newsletter_id"], ["newsletters.id"], name=op.f("fk_letters_newsletter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("newsletter_id", "due_at", name=op.f("uq_letters_newsletter_id_due_at")),
    )

    with op.batch_alter_table("broadcast_variants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("media", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("poll", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.JSON(), nullable=True))
    keep_pictures()
    with op.batch_alter_table("broadcast_variants", schema=None) as batch_op:
        batch_op.drop_column("photo")

    with op.batch_alter_table("broadcasts", **anew()) as batch_op:
        batch_op.add_column(sa.Column("buttons", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("send_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("silent", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch_op.add_column(sa.Column("night", sa.String(length=8), server_default="morning", nullable=False))
        batch_op.add_column(sa.Column("paid", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch_op.add_column(sa.Column("submitted_by", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("approved_by", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("paused_because", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("pulse", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("round_at", sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_broadcasts_submitted_by"), "people", ["submitted_by"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_broadcasts_approved_by"), "people", ["approved_by"], ["id"], ondelete="SET NULL"
        )

        batch_op.drop_constraint(op.f("ck_broadcasts_state"), type_="check")
        for name, said in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_broadcasts_{name}"), sa.text(said))
    count_along()

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shift_reminders", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("held_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("held_because", sa.String(length=16), nullable=True))

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("more_messages", sa.JSON(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_notices_broadcast_id_state"))
        batch_op.drop_index(batch_op.f("ix_notices_state_rank_due_at"))
        batch_op.create_index("ix_notices_broadcast_id", ["broadcast_id", "person_id"], unique=False)
    few = sa.text("unreachable_since IS NOT NULL")
    op.create_index("ix_people_unreachable", "people", ["locale"], sqlite_where=few, postgresql_where=few)
    for name, columns, where in (
        ("ix_notices_owed", ["rank", "due_at", "id"], "state = 'owed'"),
        ("ix_notices_stale", ["useful_until"], "state = 'owed' AND useful_until IS NOT NULL"),
        ("ix_notices_open", ["broadcast_id"], "state IN ('owed', 'claimed')"),
    ):
        op.create_index(
            name, "notices", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    raise RuntimeError("what was sent since would be forgotten; restore a backup instead")
