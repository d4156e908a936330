"""A database's schema as text, from the catalogs: equal texts mean equal schemas.

Without the jobs' tables, which come with procrastinate's version, but with their privileges.
"""

from typing import Final

import psycopg

# Each query gives lines of text; `public` and the roles' names are left out.
CATALOGS: Final = (
    "SELECT format('extension %s', extname) FROM pg_extension ORDER BY extname",
    """
    SELECT format('column %s.%s %s%s%s%s', relname, attname, format_type(atttypid, atttypmod),
      CASE WHEN attnotnull THEN ' NOT NULL' END,
      CASE WHEN attidentity <> '' THEN ' IDENTITY ' || attidentity::text END,
      ' DEFAULT ' || pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
      AND attnum > 0 AND NOT attisdropped AND NOT starts_with(relname, 'procrastinate')
    ORDER BY relname, attnum
    """,
    """
    SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
      AND NOT starts_with(conrelid::regclass::text, 'procrastinate')
    ORDER BY conrelid::regclass::text COLLATE "C", conname
    """,
    """
    SELECT format('%s valid=%s', pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND NOT starts_with(relname, 'procrastinate')
    ORDER BY indexrelid::regclass::text COLLATE "C"
    """,
    """
    SELECT format('%s enabled=%s', pg_get_triggerdef(pg_trigger.oid), tgenabled)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND NOT starts_with(relname, 'procrastinate')
    ORDER BY relname, tgname
    """,
    """
    SELECT pg_get_functiondef(pg_proc.oid) FROM pg_proc
    LEFT JOIN pg_depend ON objid = pg_proc.oid AND deptype = 'e'
    WHERE pronamespace = 'public'::regnamespace AND objid IS NULL
      AND NOT starts_with(proname, 'procrastinate')
    ORDER BY proname
    """,
    """
    SELECT format('grant %s %s', relname,
      string_agg(privilege, ', ' ORDER BY privilege COLLATE "C"))
    FROM pg_class, LATERAL (
      SELECT privilege_type, grantee FROM aclexplode(relacl)
      UNION SELECT format('%s (%s)', privilege_type, attname), grantee
      FROM pg_attribute, aclexplode(attacl) WHERE attrelid = pg_class.oid
    ) AS granted (privilege, grantee)
    WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner
    GROUP BY relname ORDER BY relname
    """,
    """
    SELECT format('default %s %s', defaclobjtype, string_agg(privilege_type, ', '
      ORDER BY privilege_type COLLATE "C"))
    FROM pg_default_acl, aclexplode(defaclacl) WHERE grantee <> defaclrole
    GROUP BY defaclobjtype ORDER BY defaclobjtype
    """,
)


def schema_of(url: str) -> str:
    """The schema of a database that one service's role may use."""
    with psycopg.connect(url) as connection:
        lines = [line for catalog in CATALOGS for (line,) in connection.execute(catalog)]
    return "\n".join(lines) + "\n"
