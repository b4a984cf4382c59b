"""One changed byte of what the heads of the demonstration signed is found by page, upload and tool."""

import json
import os
import subprocess
import sys

from tests.served import together


@together
def test_one_byte_of_the_demonstration_is_found(home):
    command = [sys.executable, "-m", "praja.foundation.signing.tests.altering"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "praja.settings"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("nothing") == [False, False, False]
    assert len(found) == 4
    assert set(map(tuple, found.values())) == {(True, True, True)}
