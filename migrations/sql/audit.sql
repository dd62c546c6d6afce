-- The audit trail of one schema. `create trigger … execute function audit('<table>', '<secret column>', …)`.
-- The function finds `history` in the schema of the table that fired it, so it survives ALTER SCHEMA … RENAME,
-- works under an empty search path, and cannot be led astray by a temporary table.
-- A secret that changes (a column named …_hash) is told without its value; other hidden columns are not told at all. The table's name is an argument because a shard may have another one.
create function audit() returns trigger language plpgsql as $body$
declare
    outer_path constant text := current_setting('search_path');
    before_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - tg_argv[1:] end;
    after_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - tg_argv[1:] end;
    hidden text;
    row_id constant uuid := coalesce(after_row, before_row) ->> 'id';
begin
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(key, before_row -> key), jsonb_object_agg(key, value)
          into before_row, after_row
          from jsonb_each(after_row)
         where value is distinct from before_row -> key;
        foreach hidden in array tg_argv[1:] loop
            if hidden like '%\_hash' and to_jsonb(old) -> hidden is distinct from to_jsonb(new) -> hidden then
                before_row := coalesce(before_row, '{}') || jsonb_build_object(hidden, '[secret]');
                after_row := coalesce(after_row, '{}') || jsonb_build_object(hidden, '[secret]');
            end if;
        end loop;
        if after_row is null then
            return null;
        end if;
    end if;
    perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
    insert into history (actor, actor_label, impersonator, request_id, operation, table_name, row_id, before, after)
    values (
        nullif(current_setting('app.actor', true), '')::uuid,
        nullif(current_setting('app.actor_label', true), ''),
        nullif(current_setting('app.impersonator', true), '')::uuid,
        nullif(current_setting('app.request_id', true), ''),
        lower(tg_op), tg_argv[0], row_id, before_row, after_row
    );
    perform set_config('search_path', outer_path, true);
    return null;
end
$body$;

create function refuse_change() returns trigger language plpgsql as $body$
begin
    if coalesce(current_setting('app.retention', true), '') <> 'on' then
        raise exception 'history is append-only' using errcode = 'insufficient_privilege';
    end if;
    return null;
end
$body$;

create trigger append_only before update or delete or truncate on history
    for each statement execute function refuse_change();
