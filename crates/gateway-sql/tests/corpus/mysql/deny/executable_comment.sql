-- rule: executable_comment
-- next: /*!
SELECT /*!50000 sleep(1)*/
-- next: /*! (2)
SELECT 1 /*! INTO OUTFILE '/tmp/x' */
-- next: /*! (3)
SELECT 1 /*M! INTO @x */
-- next: /*! (4)
SELECT 1/*!*/
