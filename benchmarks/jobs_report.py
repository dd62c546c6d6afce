import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from report import publish, spread, table, verdict

FIRST: Final = "postgresql"
FAIR: Final = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """Jobs a second; milliseconds from being added to being started, in the empty system and beside a busy site."""

    rate: float
    alone: list[float]
    beside: list[float]


def report(samples: Mapping[str, Sequence[Sample]], given: argparse.Namespace, left_out: Sequence[str]) -> None:
    rates = {
        name: [one.rate / other.rate for one, other in zip(of, samples[FIRST], strict=True)]
        for name, of in samples.items()
    }
    delays = {name: [median(one.beside) / median(one.alone) for one in of] for name, of in samples.items()}
    publish(
        "jobs",
        "Jobs through each broker",
        f"{given.rounds} rounds, one worker process that dispatches and runs 8 jobs at once, the default window and "
        f"cap for each site. {given.jobs} jobs of 20 sites that do nothing (a tenth through SQS), all waiting when the "
        "worker starts; 100 single jobs in the empty system; and 20 single jobs of one site while another has "
        f"{given.waiting} waiting that take 50 ms each. Median of the rounds (lowest to highest). SQS is moto's server "
        "on this machine, which answers one request at a time: it says nothing of Amazon's."
        + "".join(f" {name} did not answer and was left out." for name in left_out),
        table(
            ["broker", "jobs a second ÷ PostgreSQL", "start beside a busy site ÷ alone", f"at most {FAIR}"],
            [
                [name, spread(rates[name], 2), spread(delays[name], 1), verdict(FAIR / median(delays[name]), 1)]
                for name in samples
            ],
        ),
        "## This machine, jobs a second and milliseconds from being added to being started",
        table(
            ["broker", "jobs/s", "alone p50", "alone p99", "beside p50", "beside worst"],
            [[name, *_times(of)] for name, of in samples.items()],
        ),
        "Being added is before the commit, so its time is in it. Every job succeeded.",
    )


def _times(of: Sequence[Sample]) -> list[str]:
    alone = [value for one in of for value in one.alone]
    beside = [value for one in of for value in one.beside]
    rate = median(one.rate for one in of)
    numbers = (median(alone), quantiles(alone, n=100)[98], median(beside), max(beside))
    return [f"{rate:.0f}", *(f"{number:.1f}" for number in numbers)]
