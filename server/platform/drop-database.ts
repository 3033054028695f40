import pg from "pg";

const inUse = "55006";
const triesMax = 5;

/**
 * Ends the sessions on a database and removes it; one that is not there is fine. `name` is trusted and needs no quoting.
 * Throws the driver's error when sessions keep coming back.
 *
 * Not `WITH (FORCE)`: that refuses with "permission denied to terminate process" whenever the server happens to vacuum the
 * database, because the vacuum belongs to its superuser. The plain statement sends a vacuum away by itself and waits five
 * seconds for everybody else to leave.
 */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND pid <> pg_backend_pid() AND usename = current_user`,
      [name],
    );
    try {
      await client.query(`DROP DATABASE IF EXISTS ${name}`);
      return;
    } catch (error) {
      if (tried === triesMax || !(error instanceof pg.DatabaseError) || error.code !== inUse) throw error;
    }
  }
}
