"""An article's day online counts among what lists show of it: feeds put what is new in its order."""

from django.db import migrations

ON_CARD = """
CREATE OR REPLACE FUNCTION edge_on_card(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY['body', 'words', 'lead_in_ends_after', 'language', {online}'last_published_at']
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("edge", "0002_information_pages")]

    operations = [migrations.RunSQL(ON_CARD.format(online=""), ON_CARD.format(online="'online_date', "))]
