-- rule: function
-- One function of each class that a query must not reach, each in a different place of the statement.
-- next: a file as JSON
SELECT JSON_EXTRACT(LOAD_FILE('/etc/hostname'), '$')
-- next: a file in VALUES
VALUES ROW(LOAD_FILE('x'), 1)
-- next: a file behind TABLE in a union
TABLE a UNION SELECT LOAD_FILE('x')
-- next: a lock in a join condition
SELECT 1 FROM orders o JOIN customers c ON GET_LOCK('k', 0)
-- next: a lock asked about
SELECT IF(IS_FREE_LOCK('k'), 1, 2)
-- next: who holds a lock
SELECT IS_USED_LOCK('k') FROM DUAL
-- next: releasing all locks in ORDER BY
SELECT id FROM orders ORDER BY RELEASE_ALL_LOCKS()
-- next: time burnt in LIMIT's neighbour
SELECT id FROM orders WHERE BENCHMARK(1, MD5('x')) = 0 LIMIT 1
-- next: sleeping in HAVING
SELECT customer_id FROM orders GROUP BY customer_id HAVING SLEEP(0) = 0
-- next: waiting for a replica
SELECT SOURCE_POS_WAIT('x', 4, 0)
-- next: waiting for transactions
SELECT WAIT_FOR_EXECUTED_GTID_SET('', 0)
-- next: waiting with the old name
SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS('', 0)
-- next: steering a replication group
SELECT group_replication_set_as_primary('x')
-- next: failing over
SELECT asynchronous_connection_failover_reset()
-- next: a value for LAST_INSERT_ID
SELECT id FROM orders WHERE LAST_INSERT_ID(id) = id
-- next: the sys schema's statements
SELECT sys.ps_is_account_enabled('x', 'y')
-- next: a service's locks
SELECT service_get_write_locks('a', 'b', 0)
-- next: the audit log
SELECT audit_log_rotate()
-- next: reading the audit log
SELECT audit_log_read(audit_log_read_bookmark())
-- next: the firewall
SELECT set_firewall_mode('x', 'OFF')
-- next: the keyring
SELECT keyring_key_fetch('x')
-- next: a key made
SELECT keyring_key_generate('x', 'AES', 16)
-- next: a private key made
SELECT create_asymmetric_priv_key('RSA', 2048)
-- next: query attributes
SELECT mysql_query_attribute_string('x')
-- next: version tokens
SELECT version_tokens_set('a=b')
-- next: version tokens locked
SELECT version_tokens_lock_exclusive('a', 0)
-- next: rewriting rules
SELECT flush_rewrite_rules()
-- next: a dictionary of masks
SELECT masking_dictionary_remove('x')
-- next: a shell by a well-known loadable function
SELECT sys_eval('id')
-- next: the environment by a loadable function
SELECT sys_get('PATH')
-- next: metadata of InnoDB
SELECT innodb_redo_log_archive_start('a', 'b')
-- next: the data dictionary's own functions
SELECT internal_get_hostname('a')
-- next: the data dictionary's own check
SELECT can_access_table('shop', 'orders')
