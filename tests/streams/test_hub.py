"""The hub tells everybody who listens what is new, and nobody twice."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import InterfaceError, OperationalError

from cryptons.errors import RateLimited, ServiceUnavailable
from tests.streams.conftest import QUICK, Ear, until


def test_each_listener_hears_what_is_new_once_and_in_order(run, feed, key):
    async def test(hub):
        first, second = Ear(hub, feed, key), Ear(hub, feed, key)
        feed.write(key, "seen", "settled")
        await until(lambda: len(first.heard) == len(second.heard) == 2)
        asked = feed.questions
        await until(lambda: feed.questions > asked + 2)
        assert first.heard == second.heard
        assert first.heard == ["id: 2\nevent: order\ndata: seen\n\n", "id: 3\nevent: order\ndata: settled\n\n"]

    run(test)


def test_one_question_serves_all_that_is_listened_to(run, feed, key):
    other = uuid4()
    feed.write(other, "placed")

    async def test(hub):
        ears = [Ear(hub, feed, one) for one in (key, other, key, other)]
        before = feed.questions
        feed.write(other, "seen")
        await until(lambda: ears[3].heard)
        assert feed.questions - before <= 3
        assert [len(ear.heard) for ear in ears] == [0, 1, 0, 1]

    run(test)


def test_what_happened_between_the_view_and_the_hub_is_not_lost(run, feed, key):
    async def test(hub):
        early = Ear(hub, feed, key)
        story = early.listener.subscription
        feed.write(key, "seen")
        late = Ear(hub, feed, key)
        assert late.listener.subscription.mark != story.mark
        await until(lambda: early.heard)
        assert (len(early.heard), late.heard) == (1, [])

    run(test)


def test_a_state_that_comes_back_with_an_id_that_does_not_grow_is_told_with_one_that_does(run, feed, key):
    async def test(hub):
        ear = Ear(hub, feed, key)
        feed.write(key, "seen")
        await until(lambda: len(ear.heard) == 1)
        feed.stories[key] = [replace(feed.stories[key][0], data=b"gone again")]
        await until(lambda: len(ear.heard) == 2)
        assert ear.heard[1] == "id: 3\nevent: order\ndata: gone again\n\n"

    run(test)


def test_a_database_that_is_away_ends_no_line_and_is_caught_up_with(run, feed, key):
    async def test(hub):
        ear = Ear(hub, feed, key)
        feed.error = OperationalError("gone")
        asked = feed.questions
        await until(lambda: feed.questions > asked + 1)
        feed.write(key, "seen")
        assert (ear.heard, ear.ended) == ([], False)
        feed.error = None
        await until(lambda: ear.heard)

    run(test)


def test_what_became_visible_too_late_to_be_noticed_is_found_by_a_thorough_look(run, feed, key):
    async def test(hub):
        ear = Ear(hub, feed, key)
        feed.late.add(key)
        feed.write(key, "seen")
        await until(lambda: ear.heard)

    run(test, rhythm=replace(QUICK, thorough=0.01))


@pytest.mark.parametrize("error", [InterfaceError("connection already closed"), RuntimeError("something else")])
def test_whatever_goes_wrong_in_a_look_lines_catch_up_afterwards(run, feed, key, error):
    async def test(hub):
        ear, feed.error, asked = Ear(hub, feed, key), error, feed.questions
        await until(lambda: feed.questions > asked)
        feed.error = None
        feed.write(key, "seen")
        await until(lambda: ear.heard)

    run(test)


def test_whoever_may_not_listen_any_more_is_let_go_and_nobody_else(run, feed, key):
    may = {"he": True, "she": True}

    async def test(hub):
        he, she = (Ear(hub, feed, key, allowed=lambda name=name: may[name]) for name in may)
        may["he"] = False
        await until(lambda: he.ended)
        feed.write(key, "seen")
        await until(lambda: she.heard)
        assert (he.heard, she.ended) == ([], False)

    run(test, rhythm=replace(QUICK, recheck=0.01))


def test_what_was_deleted_ends_its_lines(run, feed, key):
    async def test(hub):
        ear = Ear(hub, feed, key)
        del feed.stories[key]
        await until(lambda: ear.ended)

    run(test, rhythm=replace(QUICK, thorough=0.01))


def test_a_story_that_cannot_be_told_ends_its_own_lines_alone(run, feed, key):
    broken = uuid4()
    feed.write(broken, "placed")

    async def test(hub):
        ears = Ear(hub, feed, broken), Ear(hub, feed, key)
        feed.write(broken, "seen")
        feed.untellable.add(broken)
        await until(lambda: ears[0].ended)
        feed.write(key, "seen")
        await until(lambda: ears[1].heard)

    run(test)


def test_a_silent_line_gets_comments(run, feed, key):
    async def test(hub):
        ear = Ear(hub, feed, key)
        await until(lambda: len(ear.heard) == 2)
        assert ear.heard == [": nothing new\n\n"] * 2

    run(test, rhythm=replace(QUICK, comment=0.01))


@pytest.mark.parametrize("limit", [{"longest": 0.02}, {"most_bytes": 3, "comment": 0.01}])
def test_a_line_ends_after_long_enough_so_that_nothing_piles_up(run, feed, key, limit):
    async def test(hub):
        ear = Ear(hub, feed, key)
        await until(lambda: ear.ended)

    run(test, rhythm=replace(QUICK, **limit))


def test_a_client_that_is_gone_is_forgotten_when_something_is_sent(run, feed, key):
    async def test(hub):
        ear = Ear(hub, feed, key, gone=True)
        feed.write(key, "seen")
        await until(lambda: ear.ended)
        assert len(ear.heard) == 1

    run(test, most=1)


def test_a_client_has_so_many_lines_and_the_process_so_many(run, feed, key):
    async def test(hub):
        ears = [Ear(hub, feed, key, who="one") for _ in range(2)]
        with pytest.raises(RateLimited):
            hub.require_room("one")
        assert Ear(hub, feed, key, who="one").listener is None
        ears.append(Ear(hub, feed, key, who="another"))
        with pytest.raises(ServiceUnavailable):
            hub.require_room("a third")
        ears[0]._end()
        hub.require_room("one")
        hub.require_room("a third")

    run(test, most=3, most_each=2)


def test_closing_ends_every_line_at_once_and_takes_no_more(run, feed, key):
    async def test(hub):
        ears = [Ear(hub, feed, key) for _ in range(3)]
        hub.close()
        assert all(ear.ended for ear in ears)
        with pytest.raises(ServiceUnavailable):
            hub.require_room("somebody")

    run(test)


def test_nobody_listens_and_nothing_is_asked(run, feed, key):
    async def test(hub):
        Ear(hub, feed, key)._end()
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert feed.questions == 0

    run(test)
