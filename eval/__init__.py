"""Is it any good, and what does it cost: questions, metrics, runs, comparisons and benchmarks.

Run it with ``python -m eval``; nothing heavy is loaded by importing this package.
"""
