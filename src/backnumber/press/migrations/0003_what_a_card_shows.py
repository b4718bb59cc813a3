"""A card shows neither how long a piece is, nor its language, nor the day it came online: a longer text leaves its neighbours'
pages and the lists as they are.
"""

from django.db import migrations

ON_CARD = """
CREATE OR REPLACE FUNCTION press_on_card(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY['body', 'words', 'lead_in_ends_after', 'language', 'online_date', 'last_published_at']
$$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION press_on_card(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY['body', 'lead_in_ends_after', 'last_published_at']
$$
"""


class Migration(migrations.Migration):
    dependencies = [("press", "0002_triggers")]

    operations = [migrations.RunSQL(ON_CARD, BEFORE)]
