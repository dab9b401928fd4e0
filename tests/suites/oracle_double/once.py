"""Connects to the double, runs one statement, and writes how that went as JSON. Reads what to do as JSON."""

import json
import sys

import oracledb

asked = json.load(sys.stdin)
sql = asked.pop("sql")
went = {"rows": 0, "failure": None}
try:
    with oracledb.connect(user="scott", password="tiger", host="127.0.0.1", service_name="testpdb", **asked) as connection:
        with connection.cursor() as cursor:
            cursor.arraysize = cursor.prefetchrows = 100
            for went["last"] in cursor.execute(sql):
                went["rows"] += 1
except oracledb.Error as error:
    went["failure"] = str(error)
print(json.dumps(went))
