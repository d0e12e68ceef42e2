-- What officers keep at the desk: lists as they like to see them.  Of no weight: nothing is counted or judged by it.

CREATE TABLE saved_views (
    id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer  text    NOT NULL,
    list     text    NOT NULL,
    name     text    NOT NULL,
    query    text    NOT NULL,
    UNIQUE (officer, list, name)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO qingxin_web;
