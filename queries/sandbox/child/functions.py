"""The functions that a query may call: what is not named here is refused.

On SQLite an authorizer is asked about each. PostgreSQL has no such gate, only grants:
there a function that may have an effect (volatile, as PostgreSQL calls it) or yields
rows of something must be out of the role's reach unless it is named here.
"""

SQLITE = frozenset(
    # Scalars, as sqlite.org/lang_corefunc.html lists them.
    "abs ceil ceiling changes char coalesce concat concat_ws floor format glob hex if "
    "ifnull iif instr length like likelihood likely lower ltrim match max min nullif "
    "octet_length printf quote random randomblob regexp replace round rtrim sign "
    "soundex sqlite_version substr substring total_changes trim typeof unhex unicode "
    "unistr unistr_quote unlikely upper zeroblob "
    # Aggregates and windows.
    "avg count group_concat median percentile percentile_cont percentile_disc "
    "string_agg sum total cume_dist dense_rank first_value lag last_value lead "
    "nth_value ntile percent_rank rank row_number "
    # Days and times.
    "current_date current_time current_timestamp date datetime julianday strftime time "
    "timediff unixepoch "
    # Arithmetic.
    "acos acosh asin asinh atan atan2 atanh cos cosh degrees exp ln log log10 log2 mod "
    "pi pow power radians sin sinh sqrt tan tanh trunc "
    # JSON.
    "-> ->> json json_array json_array_length json_error_position json_extract "
    "json_group_array json_group_object json_insert json_object json_patch json_pretty "
    "json_quote json_remove json_replace json_set json_type json_valid jsonb "
    "jsonb_array jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert "
    "jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set".split()
)

SQLITE_TABLES = frozenset({"json_each", "json_tree"})
"""Functions that stand where a table stands."""

POSTGRESQL = tuple(
    # Volatile in PostgreSQL's sense, and without an effect on anything.
    "clock_timestamp gen_random_uuid random random_normal timeofday uuidv4 uuidv7 "
    # Yielding rows.
    "generate_series generate_subscripts unnest json_array_elements "
    "json_array_elements_text json_each json_each_text json_object_keys "
    "json_populate_record json_populate_recordset json_to_record json_to_recordset "
    "jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text "
    "jsonb_object_keys jsonb_path_query jsonb_path_query_tz jsonb_populate_record "
    "jsonb_populate_recordset jsonb_to_record jsonb_to_recordset regexp_matches "
    "regexp_split_to_table string_to_table ts_debug ts_parse ts_token_type".split()
)
"""Of the functions that are volatile or yield rows, those that a query may call."""

POSTGRESQL_REFUSED = (
    "_to_xml(schema|_and_xmlschema)?$|^(pg_current_xact_id|txid_current)$"
)
"""Neither, yet refused: what reads a table, schema or database by its name; and what
uses up a transaction number."""
