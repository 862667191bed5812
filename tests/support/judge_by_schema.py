#!/usr/bin/env python3
"""Judges documents by a JSON Schema: judge_by_schema.py SCHEMA DOCUMENTS, one document a line.

Prints one line for each document: "ok", or "bad" with the first complaint. Exit 77 when jsonschema is not installed.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            error = next(validator.iter_errors(json.loads(line)), None)
            if error is None:
                print("ok")
            else:
                print("bad /" + "/".join(str(step) for step in error.absolute_path) + ": " + error.message.replace("\n", " ")[:200])


main()
