-- rule: executable_comment
-- Comments whose content the server executes, wherever they stand and whatever they hold.
-- next: no version
SELECT 1 /*!UNION SELECT 2*/
-- next: a version of six digits
SELECT 1 /*!080000 INTO @x */
-- next: a version that no server has
SELECT 1 /*!99999 , SLEEP(0) */
-- next: the whole statement
/*! SELECT 1 */
-- next: before the statement
/*!50000*/ SELECT 1
-- next: behind the final semicolon
SELECT 1; /*! DELETE FROM orders */
-- next: between a function's name and its bracket
SELECT SLEEP/*!*/(0)
-- next: inside an ordinary comment's shadow
SELECT 1 /* x *//*! INTO @x */
-- next: MariaDB's, which MySQL skips
SELECT 1 /*M!100000 INTO @x */
-- next: MariaDB's in lower case
SELECT 1 /*m!100500 + 1 */
-- next: a comment inside
SELECT /*! 1 /* + 1 */ */ + 2
-- next: a string that would end it inside
SELECT /*!50000 '*/' */ 1
-- next: a line break behind the mark
SELECT 1 /*!
INTO @x */
-- next: in the middle of a keyword's neighbours
SELECT 1 FROM orders FOR /*!*/ UPDATE
