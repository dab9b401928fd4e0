-- rule: executable_comment
-- next: /*!
SELECT 1 /*M!100000 INTO @x*/
-- next: /*! (2)
SELECT /*! 1 */ 2
