-- Object-level grants go with their object: `create trigger grants after delete on <table> … execute function
-- forget_grants('<table>')` on every table whose rows can be granted. The function finds `grants` in the schema of
-- the table that fired it, as `audit` finds `history`.
create function forget_grants() returns trigger language plpgsql as $body$
declare
    outer_path constant text := current_setting('search_path');
begin
    perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
    delete from grants where resource = tg_argv[0] and object_id = old.id;
    perform set_config('search_path', outer_path, true);
    return null;
end
$body$;

create trigger grants after delete on projects for each row execute function forget_grants('projects');
