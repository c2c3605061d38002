"""Make the shipped encoder, or score one: ``python -m train encoder --data DIR --out DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    encoder = commands.add_parser("encoder", help="train the encoder, resuming what is done")
    encoder.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    encoder.add_argument("--out", type=Path, required=True, help="the encoder's folder")
    encoder.add_argument("--work", type=Path, default=Path("out/train"), help="steps' results")
    scoring = commands.add_parser("evaluate-encoder", help="score an encoder alone")
    scoring.add_argument("--data", type=Path, required=True, help="the corpora (read only)")
    scoring.add_argument("--encoder", default="shipped", help="shipped, a folder or a hub id")
    chosen = parser.parse_args(arguments)

    from train import encoder as making

    if not (chosen.data / "parallel").is_dir():
        parser.error(f"{chosen.data} holds no corpora (no folder parallel/ in it)")
    if chosen.command == "encoder":
        making.make(chosen.data, chosen.out, chosen.work)
    else:
        making.evaluate(chosen.encoder, chosen.data)


if __name__ == "__main__":
    main()
