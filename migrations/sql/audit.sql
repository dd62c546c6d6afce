-- The audit trail of one schema. `create trigger … execute function audit('<table>', '<secret column>', …)`.
-- The function finds `history` in the schema of the table that fired it, so it survives ALTER SCHEMA … RENAME,
-- and works under an empty search path. The table's name is an argument because a shard may have another one.
create function audit() returns trigger language plpgsql as $body$
declare
    outer_path constant text := current_setting('search_path');
    before_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - tg_argv[1:] end;
    after_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - tg_argv[1:] end;
    row_id constant uuid := coalesce(after_row, before_row) ->> 'id';
begin
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(key, before_row -> key), jsonb_object_agg(key, value)
          into before_row, after_row
          from jsonb_each(after_row)
         where value is distinct from before_row -> key;
        if after_row is null then
            return null;
        end if;
    end if;
    perform set_config('search_path', quote_ident(tg_table_schema), true);
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
