"""What python-oracledb's thin client makes of the double. Reads a port, writes what it saw as JSON."""

import array
import datetime
import json
import sys
import threading

import oracledb

PORT = int(sys.stdin.read())
saw = {}


def connect(password="tiger", **options):
    options.setdefault("service_name", "testpdb")
    return oracledb.connect(user="scott", password=password, host="127.0.0.1", port=PORT, **options)


def plain(value):
    """As JSON has it; text for what it has no form for."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, oracledb.IntervalYM):
        return f"{value.years}-{value.months}"
    if isinstance(value, (datetime.datetime, datetime.timedelta)) or hasattr(value, "as_tuple"):
        return str(value)
    if isinstance(value, array.array):
        return list(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def failure(action):
    try:
        action()
    except oracledb.Error as error:
        return [error.args[0].full_code, error.args[0].offset]
    return None


def ask(connection, sql, *binds, **named):
    with connection.cursor() as cursor:
        return plain(cursor.execute(sql, *binds, **named).fetchall())


saw["wrong password"] = failure(lambda: connect("lion"))
saw["no such account"] = failure(lambda: oracledb.connect(user="nobody", password="tiger", host="127.0.0.1", port=PORT, service_name="testpdb"))
saw["no such service"] = failure(lambda: connect(service_name="nowhere"))
saw["no such sid"] = failure(lambda: connect(service_name=None, sid="nowhere"))
connect(service_name=None, sid="TESTPDB").close()

oracledb.defaults.fetch_decimals = True
connection = connect()
saw["version"] = connection.version
connection.ping()

saw["binds"] = ask(connection, "select :1, :2, :3, :4 from dual", [12, "hé", b"\x00\xff", None])
saw["named"] = ask(connection, "select :x, :y, :x from dual", {"x": datetime.datetime(2020, 2, 29, 1, 2, 3), "y": "long" * 500})
saw["empty text"] = ask(connection, "select :1, '' from dual", [""])
counting = "select level n from dual connect by level <= :most"
saw["batches"] = [[len(rows), rows[-1]] for rows in (ask(connection, counting, most=most) for most in (1000, 250, 1))]

with connection.cursor() as cursor:
    cursor.execute("select * from every_type")
    saw["description"] = [[d[0], d[1].name.removeprefix("DB_TYPE_"), d[3], d[4], d[5], d[6]] for d in cursor.description]
    saw["types"] = plain(cursor.fetchall())

saw["locators"] = [
    [c and [c.size(), c.read(3, 4)], n and [n.size(), n.read(1, 4)], b and [b.size(), plain(b.read(255, 3))]]
    for _, c, n, b in connection.cursor().execute("select * from every_lob")
]
oracledb.defaults.fetch_lobs = False
# Other words, so that no statement that is open already answers.
[whole, none] = ask(connection, "SELECT * from every_lob")
saw["inline"] = [whole[1] == "clob text " * 4000, whole[2] == "n€😀 " * 4000, whole[3] == bytes(range(256)).hex() * 300, none]
if connection.version >= "23":
    saw["documents"] = ask(connection, "select * from every_document")

saw["errors"] = {
    sql: failure(lambda: ask(connection, sql))
    for sql in (
        "select id from nowhere",
        "select nowhere from dual",
        "select nowhere(1) from dual",
        "selec 1",
        "select 1 frm dual",
        "select to_number('x') from dual",
    )
}

cursor = connection.cursor()
cursor.arraysize = cursor.prefetchrows = 100
cursor.execute("select * from fails_late")
fetched = []
late = failure(lambda: [fetched.append(row) for row in cursor])
saw["late"] = [late, len(fetched), ask(connection, "select 1 from dual")]

cursor.execute("create table written (id number(9) not null, name varchar2(40 char), made timestamp(9) with time zone)")
cursor.executemany("insert into written (id, name) values (:1, :2)", [(number, f"name {number}") for number in range(50)])
saw["changed"] = cursor.rowcount
saw["in transaction"] = connection.transaction_in_progress
with connect() as other:
    saw["not yet"] = ask(other, "select count(*) from written")
connection.commit()
with connect() as other:
    saw["committed"] = ask(other, "select count(*), max(id) from written")
cursor.execute("delete from written where id > 3")
connection.rollback()
saw["rolled back"] = ask(connection, "select count(*) from written")
cursor.execute("insert into written values (99, null, timestamp '2020-01-02 03:04:05.678 +01:00')")
saw["zone"] = ask(connection, "select made from written where id = 99")
connection.rollback()

cursor.execute("set transaction read only")
with connect() as other:
    other.cursor().execute("insert into written (id) values (100)")
    other.commit()
saw["read only"] = [
    ask(connection, "select count(*) from written"),
    failure(lambda: cursor.execute("delete from written")),
    failure(lambda: ask(connection, "select id from written for update")),
    failure(lambda: cursor.execute("begin insert into written (id) values (101); end;")),
]
connection.rollback()
saw["afterwards"] = ask(connection, "select count(*) from written")
saw["constraint"] = failure(lambda: cursor.execute("insert into written (name) values ('no id')"))
connection.rollback()

connection.module, connection.action, connection.client_identifier = "module", "action", "somebody"
context = "select sys_context('USERENV', '{}') from dual"
saw["context"] = [ask(connection, context.format(what))[0][0] for what in ("MODULE", "ACTION", "CLIENT_IDENTIFIER", "SESSION_USER")]
cursor.execute("alter session set nls_date_format = 'YYYY-MM-DD' time_zone = '+02:00'")
settings = "select value from nls_session_parameters where parameter = :1"
saw["settings"] = [ask(connection, settings, [name])[0][0] for name in ("NLS_DATE_FORMAT", "TIME_ZONE")]


def cancelled(sql):
    """Cancels a statement once another session sees that it runs."""
    with connect() as other:
        def cancel():
            mine = "select count(*) from v$session where client_identifier = 'somebody' and status = 'ACTIVE' and sql_text = :1"
            while ask(other, mine, [sql]) != [["1"]]:
                pass
            connection.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        outcome = failure(lambda: ask(connection, sql))
        thread.join()
    return [outcome, ask(connection, "select 1 from dual")]


saw["cancelled waiting"] = cancelled("select slow(3600) from dual")
saw["cancelled computing"] = cancelled(
    "with s(n) as (select 1 from dual union all select n + 1 from s where n < 900) select count(*) from s a, s b, s c, s d"
)


def cancelled_flowing():
    """Cancels a statement whose rows are being fetched."""
    cursor = connection.cursor()
    cursor.arraysize = cursor.prefetchrows = 100
    flood = "with s(n) as (select 1 from dual union all select n + 1 from s where n < 900) select a.n from s a, s b, s c, s d"
    enough = threading.Event()

    def cancel():
        enough.wait()
        connection.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()

    def read():
        for at, _ in enumerate(cursor.execute(flood)):
            if at == 1000:
                enough.set()

    outcome = failure(read)
    thread.join()
    return [outcome, ask(connection, "select 1 from dual")]


saw["cancelled flowing"] = cancelled_flowing()
connection.call_timeout = 200
saw["timed out"] = failure(lambda: ask(connection, "select slow(3600) from dual"))
connection.call_timeout = 0
saw["after the timeout"] = ask(connection, "select 1 from dual")
connection.close()
print(json.dumps(saw))
