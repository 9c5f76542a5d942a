"""Builds a desk's parts and ties them together: the only place where a desk is built."""

import difflib
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from openbook.answer.policies import RULES
from openbook.answer.promises import promises_in
from openbook.conversation import Bulletin, Calibrations, Handoffs, TurnParts
from openbook.conversation.handoff_rules import HandoffRules
from openbook.conversation.hours import read_hours
from openbook.errors import EncoderMissing, IndexDamaged, SettingsError
from openbook.hashing import canonical_json, hash_text
from openbook.models import Embedder
from openbook.models.minilm import open_embedder
from openbook.search import Approval, Publisher, Removal, Searcher, Sync
from openbook.search.languages import WORDS_REVISION
from openbook.search.sites import Manners
from openbook.settings import LoadedSettings
from openbook.stores import Database, EdgeIndex, Folder, VectorIndex, open_engine
from openbook.stores.library import versions_in
from openbook.stores.properties import get_property, set_property
from openbook.stores.tenants import ensure_tenant, list_tenants
from openbook.stores.turns import TurnRecord, record_turn
from openbook.types import MAIN_TENANT, USUAL_BEHAVIOUR, Answer, Behaviour, to_plain
from openbook.version import VERSION

VECTOR_SIZE = 384
_INDEX_MODEL = "index_model"
_INDEX_WORDS = "index_words"
_NO_MODEL = "none"
_OTHER_ENCODER = "The index was made with another encoder, or with none; `openbook rebuild-index` makes it anew."


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a verb needs, wired.

    Attributes:
        embedder: Makes vectors; None where no weights were found.
        bulletin: Told of everything that happens in a conversation.
        keyword_only: Why search works by words alone; empty when it does not.
        mended: What opening had to mend, in words; empty when nothing.
    """

    folder: Folder
    settings: LoadedSettings
    database: Database
    index: VectorIndex
    embedder: Embedder | None
    publisher: Publisher
    searcher: Searcher
    sync: Sync
    removal: Removal
    approval: Approval
    turn: TurnParts
    bulletin: Bulletin
    handoffs: Handoffs
    keyword_only: str
    mended: str

    def close(self) -> None:
        """Writes everything out and lets the folder go, also where a part of it fails."""
        with ExitStack() as closing:
            closing.push(lambda failure, *_: self.folder.release(clean=failure is None))
            closing.callback(self.database.close)
            closing.callback(self.index.close)


def open_parts(folder: Folder, settings: LoadedSettings, *, embedder: Embedder | None = None) -> Parts:
    """Opens everything in a folder that this process holds, and mends what a crash left behind.

    Args:
        folder: Held by this process.
        settings: What is to be opened, and how.
        embedder: The user's own encoder, instead of the one that the settings name.
    """
    left_dirty = folder.mark_dirty()
    keyword_only = ""
    with ExitStack() as undo:
        database = Database(open_engine(settings.values.store.url or f"sqlite:///{folder.database}"))
        undo.callback(database.close)
        database.write(lambda connection: ensure_tenant(connection, MAIN_TENANT))
        if embedder is None:
            embedder, keyword_only = _open_embedder(folder, settings)
        size = embedder.size if embedder else VECTOR_SIZE
        index = EdgeIndex(folder.index, size=size, tidy=not left_dirty)
        undo.callback(index.close)
        publisher = Publisher(database, index, embedder)
        mended = _mend(database, publisher, embedder, thorough=left_dirty)
        _renew_words(database, publisher)
        if embedder is None:
            set_index_model(database, None)  # what is published now has no vectors
        elif not _matches(database, embedder):
            keyword_only = _OTHER_ENCODER
        rules = _handoff_rules(settings)
        undo.pop_all()
    bulletin = Bulletin()
    searching = None if keyword_only else embedder
    searcher = Searcher(database, index, searching, dense_weight=settings.values.search.dense_weight)
    return Parts(
        folder=folder,
        settings=settings,
        database=database,
        index=index,
        embedder=embedder,
        publisher=publisher,
        searcher=searcher,
        sync=Sync(database, index, publisher, manners=_manners(settings), locales=settings.values.locales),
        removal=Removal(database, index, publisher, searcher),
        approval=Approval(database, publisher),
        turn=_turn_parts(database, searcher, searching, settings, rules, bulletin),
        bulletin=bulletin,
        handoffs=Handoffs(database, bulletin, rules),
        keyword_only=keyword_only,
        mended=mended,
    )


def _manners(settings: LoadedSettings) -> Manners:
    chosen = settings.values.crawl
    return Manners(delay_seconds=chosen.delay_seconds, pages=chosen.pages, private=chosen.private)


def rewired(parts: Parts) -> Parts:
    """The same parts with a searcher that uses the encoder again, after the index was made anew."""
    searcher = Searcher(
        parts.database, parts.index, parts.embedder, dense_weight=parts.settings.values.search.dense_weight
    )
    turn = replace(parts.turn, searcher=searcher, model_ids=_model_ids(parts.embedder))
    keyword_only = parts.keyword_only if parts.embedder is None else ""
    removal = Removal(parts.database, parts.index, parts.publisher, searcher)
    return replace(parts, searcher=searcher, removal=removal, turn=turn, keyword_only=keyword_only)


def _open_embedder(folder: Folder, settings: LoadedSettings) -> tuple[Embedder | None, str]:
    chosen = settings.values.encoder
    try:
        return open_embedder(
            Path(chosen.path) if chosen.path else None,
            cache_folder=Path(chosen.cache) if chosen.cache else folder.cache,
            precision=chosen.precision,
            threads=chosen.threads or None,
        ), ""
    except EncoderMissing as error:
        return None, f"{error.message} {error.fix}"


def _mend(database: Database, publisher: Publisher, embedder: Embedder | None, *, thorough: bool) -> str:
    """Brings every tenant's index back in step with the tables; says in words what had to be mended."""
    mended, damaged, tenants = 0, 0, list_tenants(database)
    for tenant in tenants:
        try:
            mended += publisher.recover(tenant, thorough=thorough)
        except IndexDamaged as damage:
            sys.stderr.write(f"{damage.message} Making it anew from the tables ...\n")
            mended += publisher.rebuild(tenant) + publisher.recover(tenant, thorough=False)
            damaged += 1
    if damaged == len(tenants):
        set_index_model(database, embedder)
    if damaged:
        return f"The index was damaged and was made anew: {mended} chunks."
    return f"{mended} entries of the index were mended after a crash." if mended else ""


def _renew_words(database: Database, publisher: Publisher) -> None:
    """Makes every index anew whose words were cut by older rules."""
    if get_property(database, _INDEX_WORDS) == WORDS_REVISION:
        return
    if _anything_live(database):
        sys.stderr.write("The index cuts words of other languages by new rules. Making it anew from the tables ...\n")
        for tenant in list_tenants(database):
            publisher.rebuild(tenant)
    set_property(database, _INDEX_WORDS, WORDS_REVISION)


def _matches(database: Database, embedder: Embedder) -> bool:
    """Whether the index was made with this encoder; an empty one takes its name."""
    if get_property(database, _INDEX_MODEL) != embedder.fingerprint and not _anything_live(database):
        set_index_model(database, embedder)
    return get_property(database, _INDEX_MODEL) == embedder.fingerprint


def _anything_live(database: Database) -> bool:
    with database.read() as connection:
        return any(versions_in(connection, tenant, "live") for tenant in list_tenants(database))


def set_index_model(database: Database, embedder: Embedder | None) -> None:
    """Notes which encoder the index is made with."""
    set_property(database, _INDEX_MODEL, embedder.fingerprint if embedder else _NO_MODEL)


def _turn_parts(
    database: Database,
    searcher: Searcher,
    embedder: Embedder | None,
    settings: LoadedSettings,
    rules: HandoffRules,
    bulletin: Bulletin,
) -> TurnParts:
    values, behaviour = settings.values, _behaviour(settings)

    def keep(turn: TurnRecord) -> Answer:
        answer = database.write(lambda connection: record_turn(connection, turn))
        bulletin.tell(turn.request.tenant, answer.conversation_id, "message")
        return answer

    return TurnParts(
        database=database,
        searcher=searcher,
        calibrations=Calibrations(database),
        threshold=values.threshold,
        limit=values.search.limit,
        settings={
            "threshold": values.threshold,
            "writer": values.writer,
            "search.limit": values.search.limit,
            "search.dense_weight": values.search.dense_weight,
            **({} if behaviour == USUAL_BEHAVIOUR else {"behaviour": to_plain(behaviour)}),
        },
        model_ids=_model_ids(embedder),
        version=VERSION,
        rules=rules,
        keep=keep,
        behaviour=behaviour,
        burst=timedelta(seconds=values.behaviour.burst_seconds),
    )


def _model_ids(embedder: Embedder | None) -> tuple[str, ...]:
    return (embedder.fingerprint,) if embedder else ()


def _behaviour(settings: LoadedSettings) -> Behaviour:
    chosen = settings.values.behaviour
    if unknown := [name for name in chosen.off if name not in RULES]:
        near = difflib.get_close_matches(unknown[0], RULES, n=1, cutoff=0.5)
        raise SettingsError(
            f"The setting behaviour.off names {unknown[0]!r}, which is no policy.",
            fix=f"Did you mean {near[0]!r}?" if near else f"Policies are: {', '.join(RULES)}.",
        )
    for name, words in (("greeting", chosen.greeting), ("closing", chosen.closing)):
        if promised := promises_in(words):
            raise SettingsError(
                f"The setting behaviour.{name} promises something: {promised[0]!r}.",
                fix="Say it without a promise: only what a cited source says is promised.",
            )
    return Behaviour(
        tone=chosen.tone,
        length=chosen.length,
        greeting=chosen.greeting,
        closing=chosen.closing,
        never=chosen.never,
        off=chosen.off,
        failures=chosen.failures,
    )


def _handoff_rules(settings: LoadedSettings) -> HandoffRules:
    """What the settings say about hand-offs.

    Raises:
        SettingsError: The opening hours cannot be read.
    """
    chosen = settings.values.handoff
    mails = bool(settings.values.smtp.host)
    deliveries = ("webhook",) * bool(chosen.webhook_url) + ("email",) * (mails and bool(chosen.email_to))
    return HandoffRules(
        hours=read_hours(chosen.hours, chosen.timezone, chosen.closed_on),
        alarm_after=timedelta(minutes=chosen.alarm_minutes),
        release_after=timedelta(minutes=chosen.release_minutes),
        expire_after=timedelta(hours=chosen.expire_hours),
        reopen_within=timedelta(days=chosen.reopen_days),
        deliveries=deliveries,
        mails_replies=mails,
    )


def machinery_of(parts: Parts) -> str:
    """A hash of what makes a confidence besides the knowledge: encoder, settings of the search, version."""
    settings = {name: value for name, value in parts.turn.settings.items() if name != "threshold"}
    return hash_text(canonical_json([settings, parts.turn.model_ids, VERSION]))
