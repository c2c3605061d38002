"""Yinju beside what people would pick instead, each as its own documentation sets it up.

``python -m eval.race`` makes a virtual environment for each of them (none of their packages is a
dependency of ours), gives all the same passages and questions, and prints one table.
"""
