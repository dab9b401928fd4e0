"""What python-oracledb reads, in the forms of the gateway's contract. Reads a port and statements as JSON, writes rows as JSON."""

import array
import base64
import datetime
import json
import sys

import oracledb

asked = json.load(sys.stdin)
oracledb.defaults.fetch_decimals = True
oracledb.defaults.fetch_lobs = False
connection = oracledb.connect(
    user="scott", password="tiger", host="127.0.0.1", port=asked["port"], service_name="testpdb"
)


def duration(delta):
    seconds, micros = delta.seconds, delta.microseconds
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
    if seconds or micros:
        parts += f"{seconds}" + (f".{micros:06}".rstrip("0") if micros else "") + "S"
    return f"P{delta.days}D" + (f"T{parts}" if parts else "")


def shown(value, column):
    kind = column[1]
    if value is None:
        return None
    if kind == oracledb.DB_TYPE_BOOLEAN:
        return value
    if kind == oracledb.DB_TYPE_JSON:
        return value
    if isinstance(value, array.array):
        return list(value)
    if kind == oracledb.DB_TYPE_NUMBER:
        return format(value, "f")
    if kind in (oracledb.DB_TYPE_BINARY_FLOAT, oracledb.DB_TYPE_BINARY_DOUBLE):
        return float(value)
    if isinstance(value, datetime.datetime):
        # Six digits are all that Python has.
        text = value.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + f".{value.microsecond:06}"
        zoned = kind in (oracledb.DB_TYPE_TIMESTAMP_TZ, oracledb.DB_TYPE_TIMESTAMP_LTZ)
        return text + ("Z" if zoned else "")
    if isinstance(value, datetime.timedelta):
        return duration(value)
    if isinstance(value, oracledb.IntervalYM):
        return "P" + "".join(f"{n}{u}" for n, u in ((value.years, "Y"), (value.months, "M")) if n)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def rows(sql, named):
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        return [[shown(value, column) for value, column in zip(row, cursor.description)] for row in cursor]


def number(value):
    return int(value) if value == int(value) else float(value)


json.dump([rows(sql, named) for sql, named in asked["statements"]], sys.stdout, default=number)
