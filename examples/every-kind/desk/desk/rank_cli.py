"""Ranks lines from standard input."""

import argparse
import sys

from sentence_transformers import CrossEncoder


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("query")
    parser.add_argument("--reranker", default="BAAI/bge-reranker-v2-m3")
    args = parser.parse_args()
    lines = sys.stdin.read().splitlines()
    scores = CrossEncoder(args.reranker).predict([(args.query, line) for line in lines])
    for score, line in sorted(zip(scores, lines), reverse=True):
        print(f"{score:.3f} {line}")
