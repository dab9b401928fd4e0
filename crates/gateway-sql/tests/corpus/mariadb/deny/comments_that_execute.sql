-- rule: executable_comment
-- Comments whose content the server executes: MySQL's and MariaDB's own.
-- next: MariaDB's without a version
SELECT 1 /*M! , SLEEP(0) */
-- next: MariaDB's with a version of six digits
SELECT 1 /*M!100500 UNION SELECT 2 */
-- next: MariaDB's with a version that is to come
SELECT 1 /*M!999999 INTO @x */
-- next: MySQL's below the versions that MariaDB skips
SELECT 1 /*!50600 INTO @x */
-- next: MySQL's in the gap that MariaDB skips
SELECT 1 /*!50701 INTO @x */
-- next: the whole statement
/*M! DELETE FROM orders */
-- next: before the statement
/*!*/SELECT 1
-- next: behind the semicolon
SELECT 1; /*M!100000 DROP TABLE x */
-- next: in a function's name
SELECT SLEEP/*!50000*/(0)
-- next: in place of white space
SELECT/*!*/1/*!*/FROM/*!*/orders
-- next: a lower-case letter
SELECT 1 /*m!100000 INTO @x */
-- next: nested in its own kind
SELECT /*! 1 /*! + 1 */ */
-- next: behind another comment that touches it
SELECT 1 /**//*M! INTO @x */
-- next: with a string that holds its end
SELECT /*M!100000 '*/' , */ 1
