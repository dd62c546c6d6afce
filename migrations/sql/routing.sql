-- Every site keeps the transaction that last changed where its requests go; processes ask for what is new since
-- their last look (adapters/postgres/tenancy/directory.py).
create function mark_routing() returns trigger language plpgsql as $body$
begin
    new.routed_in := pg_current_xact_id()::text::bigint;
    return new;
end
$body$;

create trigger routing before insert or update of slug, status, organization_id on sites
    for each row execute function mark_routing();

create function mark_sites() returns trigger language plpgsql as $body$
declare
    outer_path constant text := current_setting('search_path');
begin
    perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
    if tg_table_name = 'organizations' then
        update sites set organization_id = organization_id where organization_id = new.id;
    else
        update sites set slug = slug where id in (new.site_id, old.site_id);
    end if;
    perform set_config('search_path', outer_path, true);
    return null;
end
$body$;

create trigger routing after update of is_active on organizations
    for each row execute function mark_sites();
create trigger routing after insert or update or delete on domains
    for each row execute function mark_sites();
