from equipoise.serving.series import SECOND, Buckets


def fill(buckets: Buckets, times: range) -> None:
    for time in times:
        bucket = buckets.at("policy", time)
        bucket.slates += 1
        bucket.impressions += 4
        bucket.explored += 1
        bucket.reward += 0.5
        bucket.revenue += 2.0


def test_a_bucket_holds_the_slates_of_its_five_seconds() -> None:
    buckets = Buckets()
    fill(buckets, range(0, 15 * SECOND, SECOND))
    series = buckets.series(14 * SECOND)
    assert series.seconds == (0.0, 5.0, 10.0)
    assert series.variants["policy"].reward == (0.5, 0.5, 0.5)
    assert series.variants["policy"].revenue == (2000.0, 2000.0, 2000.0)
    assert series.variants["policy"].explored == (0.25, 0.25, 0.25)


def test_a_stretch_without_slates_has_no_value() -> None:
    buckets = Buckets()
    fill(buckets, range(0, SECOND, SECOND))
    assert buckets.series(7 * SECOND).variants["policy"].reward == (0.5, None)


def test_a_run_that_outgrows_the_chart_doubles_the_width_and_keeps_its_sums() -> None:
    buckets = Buckets(length=4)
    fill(buckets, range(0, 20 * SECOND, SECOND))
    buckets.cover(0, 20 * SECOND)
    series = buckets.series(20 * SECOND)
    assert series.seconds == (0.0, 10.0, 20.0)
    assert series.variants["policy"].reward == (0.5, 0.5, None)
    assert buckets.at("policy", 3 * SECOND).slates == 10


def test_what_is_older_than_the_chart_is_forgotten_and_stays_so() -> None:
    buckets = Buckets(length=4)
    fill(buckets, range(0, 40 * SECOND, SECOND))
    fill(buckets, range(0, SECOND, SECOND))
    assert buckets.series(39 * SECOND).seconds == (20.0, 25.0, 30.0, 35.0)


def test_without_slates_the_series_is_empty() -> None:
    series = Buckets().series(12 * SECOND)
    assert series.seconds == (10.0,)
    assert series.variants == {}
