// Connects to the double, runs one statement, and writes how that went as JSON. Reads what to do as JSON.

const oracledb = require('oracledb');
const { port, sql } = JSON.parse(require('fs').readFileSync(0, 'utf8'));

async function main() {
  const went = { rows: 0, failure: null };
  try {
    const connectString = `127.0.0.1:${port}/testpdb`;
    const connection = await oracledb.getConnection({ user: 'scott', password: 'tiger', connectString });
    went.rows = (await connection.execute(sql)).rows.length;
    await connection.close();
  } catch (error) {
    went.failure = error.message;
  }
  console.log(JSON.stringify(went));
}

main();
