"""Command line tools."""

import click
import typer
from transformers import pipeline


@click.command()
@click.option("--writer", default="THUDM/glm-4-9b-chat")
def draft(writer: str) -> None:
    click.echo(pipeline("text-generation", model=writer)("Dear")[0]["generated_text"])


def shorten(summariser: str = typer.Option("facebook/bart-large-cnn")) -> None:
    print(pipeline("summarization", model=summariser)("text"))


typer.run(shorten)
