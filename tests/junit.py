"""Reads JUnit's XML reports; prints a line a test: ok, not ok, or skip with the reason."""

import sys
import xml.etree.ElementTree as xml

for path in sys.argv[1:]:
    for case in xml.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}".replace("\n", " ")
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            print("not ok", name)
        elif skipped is not None:
            reason = (skipped.get("message") or "no reason given").splitlines()[0]
            print(f"skip {name}: {reason}")
        else:
            print("ok", name)
