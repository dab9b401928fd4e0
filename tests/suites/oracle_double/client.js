// What node-oracledb's thin client makes of the double. Reads a port, writes what it saw as JSON.

const oracledb = require('oracledb');
const fs = require('fs');

const port = fs.readFileSync(0, 'utf8').trim();
const saw = {};

const connect = (options = {}) =>
  oracledb.getConnection({ user: 'scott', password: 'tiger', connectString: `127.0.0.1:${port}/testpdb`, ...options });

async function failure(action) {
  try {
    await action();
  } catch (error) {
    return [error.code, error.offset ?? null];
  }
  return null;
}

function plain(value) {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Float32Array) return Array.from(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

async function main() {
  saw['wrong password'] = await failure(() => connect({ password: 'lion' }));
  saw['no such service'] = await failure(() => connect({ connectString: `127.0.0.1:${port}/nowhere` }));
  const connection = await connect();
  const ask = async (sql, binds = []) => plain((await connection.execute(sql, binds)).rows);
  saw.version = connection.oracleServerVersionString;
  await connection.ping();

  saw.binds = await ask('select :1, :2, :3 from dual', [12.5, 'hé', null]);
  const counting = 'select level n from dual connect by level <= :most';
  saw.batches = [];
  for (const most of [1000, 250, 1]) {
    const rows = await ask(counting, { most });
    saw.batches.push([rows.length, rows.at(-1)]);
  }

  // A number of 38 digits is text here, as is a moment: Node.js has no type that holds them.
  oracledb.fetchAsString = [oracledb.NUMBER];
  const described = await connection.execute('select * from every_type');
  saw.description = described.metaData.map((column) => [column.name, column.dbTypeName]);
  saw.types = JSON.parse(JSON.stringify(plain(described.rows)));
  oracledb.fetchAsString = [oracledb.CLOB, oracledb.NCLOB];
  oracledb.fetchAsBuffer = [oracledb.BLOB];
  const [whole, none] = (await connection.execute('SELECT * from every_lob')).rows;
  const bytes = Buffer.alloc(256 * 300, Buffer.from([...Array(256).keys()]));
  saw.inline = [whole[1] === 'clob text '.repeat(4000), whole[2] === 'n€😀 '.repeat(4000), whole[3].equals(bytes), none];
  if (connection.oracleServerVersion >= 2300000000) saw.documents = await ask('select * from every_document');

  saw.missing = await failure(() => ask('select id from nowhere'));
  saw.late = [await failure(() => ask('select * from fails_late')), await ask('select 1 from dual')];
  saw['read only'] = [
    await failure(() => connection.execute('set transaction read only')),
    await failure(() => connection.execute('create table unwritten (id number)')),
    await failure(() => connection.execute('set transaction read only')),
    await failure(() => connection.execute('insert into unwritten values (1)')),
  ];
  await connection.rollback();

  const other = await connect();
  connection.clientId = 'nobody';
  const running = ask('select slow(3600) from dual');
  const mine = "select count(*) from v$session where client_identifier = 'nobody' and status = 'ACTIVE'";
  while ((await other.execute(mine)).rows[0][0] !== 1);
  await connection.break();
  saw.cancelled = [await failure(() => running), await ask('select 1 from dual')];
  await other.close();
  connection.callTimeout = 200;
  saw['timed out'] = await failure(() => ask('select slow(3600) from dual'));
  connection.callTimeout = 0;
  saw['after the timeout'] = await ask('select 1 from dual');
  await connection.close();
  console.log(JSON.stringify(saw));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
