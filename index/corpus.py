"""Documents ready to be searched: their chunks, vectors and postings, kept in step."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index import storage
from index.chunking import ChunkSettings, chunk
from index.dense import Codes, Dense, is_sifted
from index.errors import DamagedIndex, EncoderMismatch, ForeignIndex, IndexingError
from index.fusing import blend
from index.lexical import Counting, Ids, Lexical, Scores, best
from index.sentences import split
from index.types import Chunk, Document, Encoder, Hit, Span, Vectors

Mode = Literal["fused", "lexical", "dense"]
Progress = Callable[[int, int], None]

DEPTH = 100  # of each ranking; the blend is worked out for these chunks
BATCH = 256  # chunks encoded at once, which bounds the memory it takes


@dataclass(frozen=True, eq=False)
class Corpus:
    """Searchable documents; made by ``build`` or ``load`` and never changed afterwards.

    ``chunks`` are grouped by document; row ``i`` of ``vectors`` (shape ``(len(chunks), d)``) and
    chunk ``i`` of ``lexical`` belong to ``chunks[i]``.
    """

    documents: Mapping[str, Document]
    chunks: Sequence[Chunk]
    encoder: Encoder
    chunk_settings: ChunkSettings
    vectors: Vectors
    lexical: Lexical
    _sentences: dict[str, tuple[Span, ...]] = field(default_factory=dict, repr=False)
    _codes: Codes | None = field(default=None, repr=False)  # of ``dense``, as saved

    @classmethod
    def build(
        cls,
        documents: Iterable[Document],
        encoder: Encoder,
        *,
        chunk_settings: ChunkSettings | None = None,
        on_progress: Progress | None = None,
    ) -> Corpus:
        """Chunk, encode and count the documents.

        ``on_progress(done, total)`` counts documents. Raises ``IndexingError`` when two documents
        share an id or there is no text at all.
        """
        settings = chunk_settings or ChunkSettings()
        held = _by_id(documents)
        chunks, vectors, lexical = _prepared(list(held.values()), encoder, settings, on_progress)
        if not chunks:
            raise IndexingError(
                "There is no text to index. Give at least one file with words in it."
            )
        return cls(held, tuple(chunks), encoder, settings, vectors, lexical)

    def __str__(self) -> str:
        return f"{len(self.documents):,} documents in {len(self.chunks):,} chunks"

    @cached_property
    def dense(self) -> Dense:
        """The vectors, searchable."""
        if self._codes is not None:
            return Dense.restored(self._codes, self.vectors)
        return Dense.build(self.vectors)

    @cached_property
    def fingerprint(self) -> str:
        """The identity of everything a search depends on: documents, chunking, encoder, format."""
        hashes = {key: _hash(document) for key, document in self.documents.items()}
        parts = [storage.FORMAT, self.encoder.fingerprint, asdict(self.chunk_settings), hashes]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def search(self, query: str, k: int = 10, mode: Mode = "fused") -> list[Hit]:
        """Return at most ``k`` chunks, best first.

        Scores of one mode are comparable: ``fused`` lies in (0, 1] (see ``fusing``), across
        questions too; ``lexical`` is BM25; ``dense`` is the cosine.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        return [self._hit(row, score) for row, score in self._ranked(query, k, mode)]

    def _ranked(self, query: str, k: int, mode: Mode) -> list[tuple[int, float]]:
        match mode:
            case "lexical":
                return _pairs(*self.lexical.search(query, k))
            case "dense":
                return _pairs(*self.dense.search(self._vector(query), k))
            case "fused":
                return _pairs(*self._fused(query, k))
        raise ValueError(f"mode must be fused, lexical or dense, got {mode!r}")

    def _fused(self, query: str, k: int) -> tuple[Ids, Scores]:
        """Blend all evidence for the chunks that words or meaning put near the top."""
        vector = self._vector(query)
        scores = self.lexical.query_scores(query)
        near, _ = self.dense.search(vector, max(k, DEPTH))
        rows = np.union1d(best(scores, max(k, DEPTH))[0], near)
        shares = scores[rows] / max(self.lexical.ceiling(query), 1e-9)
        near_documents, own = np.unique(self._document_numbers[rows], return_inverse=True)
        runs = self._document_runs[near_documents]
        of_documents = self.lexical.coverage(query, runs)[own]
        places, blended = best(blend(shares, self.vectors[rows] @ vector, of_documents), k)
        return rows[places], blended

    @cached_property
    def _document_numbers(self) -> NDArray[np.int64]:
        """The number of each chunk's document, ascending."""
        ids = [c.document_id for c in self.chunks]
        changes = [a != b for a, b in pairwise(ids)]
        return np.concatenate([[0], np.cumsum(changes)]).astype(np.int64)

    @cached_property
    def _document_runs(self) -> NDArray[np.int32]:
        """The first chunk of each document that has any and the one after its last, (n, 2)."""
        firsts = np.flatnonzero(np.diff(self._document_numbers, prepend=-1))
        ends = [*firsts[1:], len(self.chunks)]
        return np.column_stack([firsts, ends]).astype(np.int32)

    def _vector(self, query: str) -> Vectors:
        vector: Vectors = self.encoder.encode([query], "query")[0]
        return vector

    def _hit(self, row: int, score: float) -> Hit:
        c = self.chunks[row]
        return Hit(c.document_id, c.start, c.end, c.text, score, c.context)

    def sentences(self, document_id: str) -> tuple[Span, ...]:
        """Return the spans of a document's sentences, split once."""
        if document_id not in self._sentences:
            spans = split(self._document(document_id).text)
            self._sentences[document_id] = tuple(Span(document_id, a, b) for a, b in spans)
        return self._sentences[document_id]

    def sentences_in(self, span: Span) -> tuple[Span, ...]:
        """Return the sentences of its document that begin within a span, such as a chunk's."""
        sentences = self.sentences(span.document_id)
        first = bisect_left(sentences, span.start, key=lambda one: one.start)
        last = bisect_left(sentences, span.end, key=lambda one: one.start)
        return sentences[first:last]

    def text(self, span: Span) -> str:
        """Return the words a span points to, sliced from its document."""
        document = self._document(span.document_id)
        if not 0 <= span.start <= span.end <= len(document.text):
            raise IndexingError(f"{span} lies outside of its document.")
        return document.text[span.start : span.end]

    def _document(self, document_id: str) -> Document:
        if document_id not in self.documents:
            raise IndexingError(f"No document {document_id!r} is in this index.")
        return self.documents[document_id]

    def with_documents(
        self,
        added: Iterable[Document],
        removed: Collection[str] = (),
        *,
        on_progress: Progress | None = None,
    ) -> Corpus:
        """Return a corpus with documents added, replaced (same id) and removed.

        Only documents that are new or differ are chunked and encoded; those kept come first, in
        their order. Raises ``IndexingError`` for a removed id that isn't there, or when nothing
        would be left.
        """
        for document_id in removed:
            self._document(document_id)
        fresh = {
            key: document
            for key, document in _by_id(added).items()
            if document != self.documents.get(key) or key in removed
        }
        gone = set(removed) | set(fresh)
        documents = {key: d for key, d in self.documents.items() if key not in gone} | fresh
        kept = [row for row, c in enumerate(self.chunks) if c.document_id not in gone]
        chunks, vectors, counted = _prepared(
            list(fresh.values()), self.encoder, self.chunk_settings, on_progress
        )
        if not kept and not chunks:
            raise IndexingError("Nothing would be left in the index. Add a document first.")
        return Corpus(
            documents,
            tuple(self.chunks[row] for row in kept) + tuple(chunks),
            self.encoder,
            self.chunk_settings,
            np.concatenate([self.vectors[kept], vectors]),
            self.lexical.updated(kept, counted),
        )

    def save(self, home: Path) -> None:
        """Write the index into a folder, all or nothing; see ``storage`` for what is raised."""
        order = {key: place for place, key in enumerate(self.documents)}
        spans = [(order[c.document_id], c.start, c.end) for c in self.chunks]
        contexts = list(dict.fromkeys(c.context for c in self.chunks))
        numbers = {context: number for number, context in enumerate(contexts)}
        files = {
            "documents.jsonl": storage.lines_writer([_json(d) for d in self.documents.values()]),
            "contexts.jsonl": storage.lines_writer([json.dumps(context) for context in contexts]),
            "chunks.npy": storage.array_writer(
                np.array(
                    [(*s, numbers[c.context]) for s, c in zip(spans, self.chunks, strict=True)],
                    dtype=np.int64,
                )
            ),
            "vectors.npy": storage.array_writer(self.vectors),
            "vocabulary.txt": storage.lines_writer(list(self.lexical.vocabulary)),
            "starts.npy": storage.array_writer(self.lexical.starts),
            "rows.npy": storage.array_writer(self.lexical.rows),
            "counts.npy": storage.array_writer(self.lexical.counts),
            "lengths.npy": storage.array_writer(self.lexical.lengths),
        }
        # A large index' codes take half a minute to make, a small one's nothing.
        if is_sifted(*self.vectors.shape) and (codes := self.dense.codes) is not None:
            files["codes.npy"] = storage.array_writer(codes)
        storage.save(
            Path(home),
            files,
            storage.Manifest(
                encoder=self.encoder.fingerprint,
                encoder_name=_name(self.encoder),
                dimensions=self.encoder.dimensions,
                chunk_settings=asdict(self.chunk_settings),
                documents={key: _hash(document) for key, document in self.documents.items()},
            ),
        )

    @classmethod
    def load(cls, home: Path, encoder: Encoder) -> Corpus:
        """Open a saved index.

        Raises ``ForeignIndex``, ``DamagedIndex``, or ``EncoderMismatch`` when another encoder
        made its vectors; each names the cure.
        """
        home = Path(home)
        manifest, folder = storage.load(home)
        if manifest.encoder != encoder.fingerprint:
            raise EncoderMismatch(
                f"The index in {home} was made with the encoder {manifest.encoder_name} "
                f"({manifest.encoder[:12]}), not with {_name(encoder)} "
                f"({encoder.fingerprint[:12]}); use that one, or {storage.cure(home)}"
            )
        try:
            return cls._read(folder, encoder, ChunkSettings(**manifest.chunk_settings))
        except TypeError as exc:
            raise ForeignIndex(
                f"The index in {home} was made with other chunk settings than this version "
                f"knows; {storage.cure(home)}"
            ) from exc
        except (ValueError, KeyError, IndexError, FileNotFoundError) as exc:
            raise DamagedIndex(f"The index in {home} is damaged; {storage.cure(home)}") from exc

    @classmethod
    def _read(cls, folder: Path, encoder: Encoder, settings: ChunkSettings) -> Corpus:
        lines = storage.each_line(folder / "documents.jsonl")
        documents = [Document(**json.loads(line)) for line in lines]
        contexts = [json.loads(line) for line in storage.read_lines(folder / "contexts.jsonl")]
        chunks = tuple(
            Chunk(documents[d].id, start, end, documents[d].text[start:end], contexts[c])
            for d, start, end, c in _rows(storage.read_array(folder / "chunks.npy"))
        )
        vocabulary = storage.read_lines(folder / "vocabulary.txt")
        arrays = (storage.read_array(folder / f"{part}.npy") for part in _POSTINGS)
        lexical = Lexical({term: i for i, term in enumerate(vocabulary)}, *arrays)
        vectors = storage.read_array(folder / "vectors.npy")
        if not len(chunks) == len(vectors) == len(lexical):
            raise ValueError("the parts differ in length")
        made = cls({d.id: d for d in documents}, chunks, encoder, settings, vectors, lexical)
        if (path := folder / "codes.npy").is_file():
            made = replace(made, _codes=storage.read_array(path))
            made.dense  # noqa: B018 - codes that aren't the vectors' are found now
        return made


def _rows(table: NDArray[Any]) -> Iterator[list[int]]:
    """Yield the rows of a table of whole numbers, a block at a time: all at once take 300 MB."""
    for start in range(0, len(table), 10_000):
        yield from table[start : start + 10_000].tolist()


_POSTINGS = ("starts", "rows", "counts", "lengths")


def retrieval_text(piece: Chunk) -> str:
    """Return what a chunk is found by: its context above its text."""
    return f"{piece.context}\n{piece.text}" if piece.context else piece.text


def _by_id(documents: Iterable[Document]) -> dict[str, Document]:
    held: dict[str, Document] = {}
    for document in documents:
        if document.id in held:
            raise IndexingError(
                f"Two documents share the id {document.id!r}: {held[document.id].source!r} and "
                f"{document.source!r}. Leave one of them out."
            )
        held[document.id] = document
    return held


def _prepared(
    documents: Sequence[Document],
    encoder: Encoder,
    settings: ChunkSettings,
    on_progress: Progress | None,
) -> tuple[list[Chunk], Vectors, Lexical]:
    """Return the chunks of the documents, their vectors and their postings."""
    chunks: list[Chunk] = []
    parts: list[Vectors] = [np.empty((0, encoder.dimensions), np.float32)]
    counting = Counting()
    encoded = 0
    for done, document in enumerate(documents, start=1):
        pieces = chunk(document, settings)
        for piece in pieces:
            counting.add(retrieval_text(piece))
        chunks += pieces
        for batch in _batches(chunks, encoded, last=done == len(documents)):
            parts.append(encoder.encode([retrieval_text(c) for c in batch], "passage"))
            encoded += len(batch)
        if on_progress:
            on_progress(done, len(documents))
    return chunks, np.concatenate(parts), counting.finish()


def _batches(chunks: Sequence[Chunk], start: int, *, last: bool) -> Iterator[Sequence[Chunk]]:
    """Yield the full batches from ``start`` on, and the rest too when no more will come."""
    while len(chunks) - start >= BATCH or (last and start < len(chunks)):
        yield chunks[start : start + BATCH]
        start += BATCH


def _pairs(ids: Ids, scores: Scores) -> list[tuple[int, float]]:
    return list(zip(ids.tolist(), scores.tolist(), strict=True))


def _json(document: Document) -> str:
    return json.dumps(asdict(document))


def _hash(document: Document) -> str:
    return hashlib.sha256(_json(document).encode()).hexdigest()


def _name(encoder: Encoder) -> str:
    return str(getattr(encoder, "name", type(encoder).__name__))
