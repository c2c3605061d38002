"""Make what ships: ``python -m train encoder --data DIR --out DIR``, then ``evidence``."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("encoder", help="train the encoder, resuming what is done")
    training.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    training.add_argument("--out", type=Path, required=True, help="the encoder's folder")
    training.add_argument("--work", type=Path, default=Path("out/train"), help="steps' results")
    training.add_argument("--again", type=Path, help="go on from this written encoder")
    scoring = commands.add_parser("evaluate-encoder", help="score an encoder alone")
    scoring.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    scoring.add_argument("--encoder", default="shipped", help="shipped, a folder or a hub id")
    reader = commands.add_parser("reader", help="train the reader, resuming what is done")
    reader.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    reader.add_argument("--out", type=Path, required=True, help="the reader's folder")
    reader.add_argument("--work", type=Path, default=Path("out/reader"), help="steps' results")
    reader.add_argument(
        "--without", nargs="*", default=[],
        choices=["pretraining", "cloze", "switching", "unanswerable"],
        help="leave these out, to see what they are worth",
    )  # fmt: skip
    reader.add_argument("--again", type=Path, help="go on from this written reader")
    reading = commands.add_parser("evaluate-reader", help="score a reader on published questions")
    reading.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    reading.add_argument("--reader", type=Path, help="its folder; the shipped one by default")
    reading.add_argument("--count", type=int, help="questions of each set; all by default")
    ablating = commands.add_parser("ablate-reader", help="what each part of its training is worth")
    ablating.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    ablating.add_argument("--work", type=Path, default=Path("out/ablations"), help="results")
    ablating.add_argument("--steps", type=int, default=300, help="of fine-tuning, each time")
    ablating.add_argument("--pretraining-steps", type=int, default=200)
    evidence = commands.add_parser("evidence", help="fit when to answer, for the shipped encoder")
    evidence.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    evidence.add_argument("--questions", type=Path, default=Path("eval/data"))
    evidence.add_argument("--out", type=Path, default=Path("rag/fitted.json"))
    chosen = parser.parse_args(arguments)

    if not (chosen.data / "parallel").is_dir():
        parser.error(f"{chosen.data} holds no corpora (no folder parallel/ in it)")
    if chosen.command == "evidence":
        from train.evidence import fit

        for name, value in fit(chosen.data, chosen.questions, chosen.out).items():
            print(f"{name:24} {value:.3f}")
    elif chosen.command == "reader":
        from train.reader import making

        without = frozenset(chosen.without)
        making.make(chosen.data, chosen.out, chosen.work, without=without, again=chosen.again)
    elif chosen.command == "evaluate-reader":
        from rag.answering.reader import SHIPPED, Reader
        from train.reader import evaluating

        reads = Reader.from_folder(chosen.reader or SHIPPED)
        print(evaluating.table(reads, chosen.data, chosen.count))
    elif chosen.command == "ablate-reader":
        from train.reader.ablating import ablate

        ablate(chosen.data, chosen.work, chosen.steps, chosen.pretraining_steps)
    elif chosen.command == "encoder":
        from train import encoder

        encoder.make(chosen.data, chosen.out, chosen.work, chosen.again)
    else:
        from train import encoder

        encoder.evaluate(chosen.encoder, chosen.data)


if __name__ == "__main__":
    main()
