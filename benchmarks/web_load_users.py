"""People of the load test, for locust: 50 readers who look around, 5 writers who edit the same twenty devices.

web_load.py starts this; LOAD names a file with the cookies of the logins and where writers note what was accepted.
"""

import html
import json
import os
import random
import re
from pathlib import Path

from locust import HttpUser, between, task

GIVEN = json.loads(Path(os.environ["LOAD"]).read_text())
READERS, WRITERS = list(GIVEN["readers"]), list(GIVEN["writers"].items())
SEARCHES = ("s000054321", "maker7 m-67", "10.1.2", "label", "m-12")


class Person(HttpUser):
    """Somebody with a login."""

    abstract = True
    wait_time = between(1, 3)

    def look(self, path: str, name: str) -> str:
        """Load a page; anything but 200 is an error of the test."""
        with self.client.get(path, name=name, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}")
            return answer.text


class Reader(Person):
    """Looks at lists, searches, cards, runs."""

    fixed_count = GIVEN["count"]["readers"]

    def on_start(self) -> None:
        """Take a login of one's own."""
        self.client.headers["cookie"] = f"netaudit={READERS.pop()}"

    @task(3)
    def overview(self) -> None:
        """First look."""
        self.look("/", "overview")

    @task(4)
    def devices(self) -> None:
        """A page of the list."""
        self.look(f"/devices?page={random.randint(1, 40)}", "list")

    @task(3)
    def of_a_site(self) -> None:
        """A filter."""
        self.look(f"/devices?site=Site+{random.randint(0, 39)}&verdict=covered", "filter")

    @task(3)
    def search(self) -> None:
        """A search."""
        self.look(f"/devices?show=all&q={random.choice(SEARCHES)}", "search")

    @task(4)
    def card(self) -> None:
        """A device."""
        self.look(f"/devices/d-{random.randint(0, GIVEN['devices'] - 1):08x}", "device card")

    @task(1)
    def runs(self) -> None:
        """The runs."""
        self.look("/runs", "runs")


class Writer(Person):
    """Adds a word of its own to the note of a device that others edit too, and looks whether it is there."""

    fixed_count = GIVEN["count"]["writers"]

    def on_start(self) -> None:
        """Take a login of one's own."""
        self.name, cookie = WRITERS.pop()
        self.client.headers["cookie"] = f"netaudit={cookie}"
        self.number = 0
        self.kept = Path(GIVEN["kept"]) / self.name
        self.kept.touch()

    @task(5)
    def edit(self) -> None:
        """Add a word; whoever was overtaken is told, and starts again from what is there."""
        path = f"/devices/d-{random.randint(0, GIVEN['edited'] - 1):08x}"
        self.number += 1
        word = f"{self.name}-{GIVEN['stem']}-{self.number}"
        for _ in range(20):
            fields = _fields(self.look(path, "card before an edit"))
            fields["note"] = f"{fields['note']} {word}".strip()
            if self._send(path, fields, stale=False):
                with self.kept.open("a") as file:
                    file.write(f"{path.rpartition('/')[2]} {word}\n")
                return

    @task(1)
    def edit_of_yesterday(self) -> None:
        """Send a form that somebody else has overtaken: it must be refused, and said."""
        path = f"/devices/d-{random.randint(0, GIVEN['edited'] - 1):08x}"
        fields = _fields(self.look(path, "card before an edit"))
        if fields["version"] != "1":
            self._send(path, {**fields, "version": str(int(fields["version"]) - 1), "note": "stale"}, stale=True)

    def _send(self, path: str, fields: dict[str, str], stale: bool) -> bool:
        """Send the form. True where it was accepted; 409 that says so is no error, and the only way to be refused."""
        name = "stale edit" if stale else "edit"
        sent = self.client.post(f"{path}/place", fields, name=name, allow_redirects=False, catch_response=True)
        with sent as answer:
            if answer.status_code == 409 and "changed by somebody else" in answer.text:
                answer.request_meta["name"] = f"{name} refused and told"
                answer.success()
                return False
            if answer.status_code != 303 or stale:
                answer.failure(f"{answer.status_code} for {'a stale' if stale else 'an'} edit")
                return False
            return True


def _fields(page: str) -> dict[str, str]:
    """The fields of the form in which a device's place is edited."""
    form = page.partition("/place")[2].partition("</form>")[0]
    inputs = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form))
    areas = dict(re.findall(r'<textarea[^>]*? name="(\w+)"[^>]*>([^<]*)</textarea>', form))
    return {name: html.unescape(value) for name, value in {**inputs, **areas}.items()}
