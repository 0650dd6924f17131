"""`python -m tests.fuzz --minutes 10`: every campaign in turn, on two processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from tests.fuzz.campaign import CAMPAIGNS
from tests.fuzz.slices import Found, slices


@dataclass
class Tally:
    """A campaign so far."""

    cases: int = 0
    seconds: float = 0.0
    found: list[Found] = field(default_factory=list)


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="How long to run.")
@click.option("--seed", default=0, show_default=True, help="The first seed.")
@click.option("--only", multiple=True, type=click.Choice(list(CAMPAIGNS)), help="These campaigns.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--out", default=Path("out/fuzz"), type=click.Path(path_type=Path), show_default=True)
def main(minutes: float, seed: int, only: tuple[str, ...], jobs: int, out: Path) -> None:
    """Hold the compiler's promises against random input; failures are written into a folder."""
    console = Console()
    tallies = {name: Tally() for name in CAMPAIGNS if not only or name in only}
    console.print(f"seed {seed}, {minutes:g} minutes: {', '.join(tallies)}")
    with Live(console=console, refresh_per_second=2) as live:
        for name, cases, seconds, found in slices(list(tallies), seed, 60 * minutes, jobs):
            tally = tallies[name]
            tally.cases += cases
            tally.seconds += seconds
            if found:
                tally.found.append(found)
                said = f"{name}, seed {found.seed}: {found.message}"
                live.console.print(said, style="red", markup=False, highlight=False)
                save(out, name, found)
            live.update(table(tallies))
    if any(tally.found for tally in tallies.values()):
        console.print(f"failures are in {out}")
        raise SystemExit(1)


def save(out: Path, campaign: str, found: Found) -> None:
    """A failure as a folder: its files, and what is wrong with them."""
    folder = out / f"{campaign}-{found.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    again = f"python -m tests.fuzz --only {campaign} --seed {found.seed} --minutes 0.01 --jobs 1"
    (folder / "failure.txt").write_text(f"{found.message}\n\n{again}\n", encoding="utf-8")
    for name, text in found.files.items():
        path = folder / PurePath(name).name
        path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")


def table(tallies: dict[str, Tally]) -> Table:
    """How every campaign stands."""
    shown = Table()
    shown.add_column("campaign")
    for column in ("cases", "failures", "cases a second"):
        shown.add_column(column, justify="right")
    for name, tally in tallies.items():
        rate = f"{tally.cases / tally.seconds:.1f}" if tally.seconds else ""
        style = "red" if tally.found else None
        shown.add_row(name, f"{tally.cases:,}", str(len(tally.found)), rate, style=style)
    return shown


if __name__ == "__main__":
    main()
