"""A course is written down while it happens, and goes on from its last checkpoint as if nothing had happened."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, RunError, StorageFull, TraceError
from spikesight.circuits.recording import Recorder
from spikesight.estimators.diehl_cook import DiehlCook
from spikesight.recipes import CATALOGUE, going_on
from spikesight.recipes import course as module
from spikesight.recipes.course import Course, course
from spikesight.recipes.diehl_cook import reproduce, train
from spikesight.runs.folder import Run
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import summary
from spikesight.trace.lock import only_writer
from spikesight.trace.probe import Probe
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def checkpoints_at(monkeypatch):
    """Checkpoint after these many lessons (and at the end), whatever the clock says."""

    def set_to(*lessons):
        keep = Course.checkpoint
        monkeypatch.setattr(module, "SECONDS_BETWEEN_CHECKPOINTS", -1.0)
        monkeypatch.setattr(Course, "checkpoint", lambda self: keep(self) if self.done in (0, *lessons, 60) else None)

    return set_to


@pytest.fixture
def interrupt(monkeypatch):
    """Raise an error when lesson `stim` is about to be recorded; `stop` ends that."""

    def at(stim, error=KeyboardInterrupt):
        record = Recorder.record_all

        def fails(self, pieces, arrays):
            if any(number == stim for _, number in pieces):
                raise error
            record(self, pieces, arrays)

        context = pytest.MonkeyPatch()
        context.setattr(Recorder, "record_all", fails)
        return context

    contexts = []
    yield lambda *arguments: contexts.append(at(*arguments)) or contexts[-1]
    for context in contexts:
        context.undo()


def test_a_run_is_complete(plan, order):
    started = []
    folder = train(plan(), order(started=started.append))
    assert started == [folder]
    run = Run.open(folder)
    facts = run.facts
    assert run.status() == "finished"
    assert facts["recipe"] == "diehl-cook-digits"
    assert facts["progress"] == {"done": 60, "total": 60}
    assert facts["metrics"]["training_seconds"] > 0
    assert facts["config"]["parameters"]["n"] == "12"
    assert facts["config"]["training_images"] == 30
    arrays, metadata = run.load_weights()
    assert arrays["input_exc.w"].shape == (64, 12)
    assert arrays["input_exc.w"].dtype == np.float32
    assert arrays["exc.theta"].shape == (12,)
    assert set(arrays["assignment"]) <= set(range(-1, 10))
    assert arrays["assignment"].max() >= 0
    assert json.loads(metadata["reached"])[0] == 60
    with Trace.open(folder) as trace:
        assert {"stimuli", "spikes/input", "spikes/exc", "values/exc.v", "weights/input_exc", "scalars"} <= set(
            trace.tables
        )
        assert trace.marks()["text"].tolist() == ["pass 1 of 2", "pass 2 of 2"]


def test_the_trace_tells_of_every_lesson_once_and_in_order(plan, order):
    teaching = plan()
    with Trace.open(train(teaching, order())) as trace:
        stimuli = trace.stimuli()
        (t, accuracy), exc = trace.scalars("accuracy"), trace.spikes("exc")
    labels = teaching.images.train_labels
    assert stimuli["stim"].tolist() == list(range(60))
    np.testing.assert_array_equal(stimuli["label"], np.tile(labels, 2))
    assert stimuli["epoch"].tolist() == [0] * 30 + [1] * 30
    assert stimuli["source"].tolist() == [*range(30), *range(30)]
    np.testing.assert_allclose(stimuli["t_end"][:-1], stimuli["t_start"][1:], atol=1e-9)
    tries = np.diff(np.append(stimuli["t_start"], stimuli["t_end"][-1])) / 0.15
    np.testing.assert_allclose(tries, np.rint(tries), atol=1e-6)
    assert np.rint(tries).min() == 1
    right = stimuli["prediction"] == stimuli["label"]
    np.testing.assert_array_equal(stimuli["correct"].mask, stimuli["prediction"] == -1)
    np.testing.assert_array_equal(stimuli["correct"].compressed(), right[stimuli["prediction"] >= 0])
    assert accuracy.tolist() == [right[:25].mean(), right[:50].mean()]
    np.testing.assert_allclose(t, stimuli["t_end"][[24, 49]])
    assert set(exc.stim) == set(range(60)), "every stimulus got its five spikes"


def test_the_trace_changes_nothing(plan, order):
    ends = [Run.open(train(plan(probes), order())).load_weights()[0] for probes in ((), plan().probes)]
    for name in ends[0]:
        assert ends[0][name].tobytes() == ends[1][name].tobytes(), name


def test_it_learns_what_the_estimator_learns(plan, order):
    teaching = plan()
    arrays, _ = Run.open(train(teaching, order())).load_weights()
    fitted = plan().model.fit(teaching.images.train, teaching.images.train_labels)
    np.testing.assert_array_equal(arrays["input_exc.w"], fitted.weights_)
    np.testing.assert_array_equal(arrays["assignment"], fitted.assignment_)


@pytest.mark.parametrize(
    ("kept", "stim"), [((), 12), ((10,), 23), ((30,), 30), ((30,), 47), ((59,), 59), ((7, 20), 21)]
)
def test_after_ctrl_c_it_goes_on_as_if_nothing_had_happened(
    plan, order, checkpoints_at, interrupt, assert_same_run, kept, stim
):
    whole = train(plan(), order())
    checkpoints_at(*kept)
    folders, stopped = [], interrupt(stim)
    with pytest.raises(KeyboardInterrupt):
        train(plan(), order(started=folders.append))
    run = Run.open(folders[0])
    assert run.status() == "interrupted"
    assert run.facts["progress"]["done"] == max((0, *kept))
    stopped.undo()
    assert train(plan(), order(resume=folders[0])) == folders[0]
    assert Run.open(folders[0]).status() == "finished"
    assert_same_run(folders[0], whole)


def test_it_can_be_interrupted_more_than_once(plan, order, checkpoints_at, interrupt, assert_same_run):
    whole = train(plan(), order())
    checkpoints_at(10, 20, 30, 40)
    folders = []
    for stim in (5, 15, 16, 42):
        stopped = interrupt(stim)
        with pytest.raises(KeyboardInterrupt):
            train(plan(), order(started=folders.append, resume=folders[0] if folders else None))
        stopped.undo()
    assert len(set(folders)) == 1
    train(plan(), order(resume=folders[0]))
    assert_same_run(folders[0], whole)


def test_interrupted_while_the_neurons_get_their_names(plan, order, monkeypatch, assert_same_run):
    whole, folders = train(plan(), order()), []
    with monkeypatch.context() as patched:
        patched.setattr(DiehlCook, "name_neurons", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            train(plan(), order(started=folders.append))
    assert Run.open(folders[0]).status() == "interrupted"
    train(plan(), order(resume=folders[0]))
    assert_same_run(folders[0], whole)


def test_a_finished_run_stays_as_it_is(plan, order, assert_same_run):
    whole, again = (train(plan(), order()) for _ in range(2))
    train(plan(), order(resume=again))
    assert_same_run(again, whole)


def test_names_are_given_once(plan, order, monkeypatch):
    folder = train(plan(), order())
    before = (folder / "weights.safetensors").read_bytes()
    monkeypatch.setattr(DiehlCook, "name_neurons", lambda *arguments: pytest.fail("the neurons have their names"))
    train(plan(), order(resume=folder))
    assert (folder / "weights.safetensors").read_bytes() == before
    assert Run.open(folder).status() == "finished"


def test_another_error_is_written_down(plan, order, interrupt):
    interrupt(35, InputError("a bad one"))
    folders = []
    with pytest.raises(InputError):
        train(plan(), order(started=folders.append))
    run = Run.open(folders[0])
    assert run.status() == "failed"
    assert run.facts["error"] == "a bad one"
    with Trace.open(folders[0]) as trace:
        assert trace.stimuli()["stim"].tolist() == list(range(32)), "what was recorded together with it is lost"


KILLED = """
import sys
from pathlib import Path
from spikesight.recipes import CATALOGUE, course
from spikesight.recipes.contract import Order

course.SECONDS_BETWEEN_CHECKPOINTS = 0.2
CATALOGUE["diehl-cook-digits"].train(Order(quick=True, runs=Path(sys.argv[1]), started=lambda f: print(f, flush=True)))
"""


def test_after_kill_9_it_goes_on_as_if_nothing_had_happened(quick, tmp_path, order, assert_same_run):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as it:
        folder = tmp_path / it.stdout.readline().decode().strip()
        while Run.open(folder).facts["progress"].get("done", 0) < 500:
            assert it.poll() is None
            time.sleep(0.02)
        time.sleep(0.1)
        it.send_signal(signal.SIGKILL)
        assert it.wait() == -signal.SIGKILL
    run = Run.open(folder)
    assert run.status() == "stopped"
    done, total = (run.facts["progress"][what] for what in ("done", "total"))
    assert 500 <= done < total
    with Trace.open(folder) as trace:
        shown = trace.stimuli()["stim"]
        np.testing.assert_array_equal(shown, np.arange(len(shown)))
        assert len(shown) >= done, "what was shown before the kill can be read after it"
    assert CATALOGUE["diehl-cook-digits"].train(order(resume=folder)) == folder
    assert Run.open(folder).status() == "finished"
    assert_same_run(folder, quick.folder)


FULL = """
import resource, sys
from pathlib import Path
from spikesight.base.errors import StorageFull
from spikesight.recipes import CATALOGUE, course
from spikesight.recipes.contract import Order

def limit(folder):
    print(folder, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))

course.SECONDS_BETWEEN_CHECKPOINTS = float(sys.argv[3])
try:
    CATALOGUE["diehl-cook-digits"].train(Order(quick=True, runs=Path(sys.argv[1]), started=limit))
except StorageFull as error:
    print(error)
"""


# The log of input spikes grows by 35 kB a stimulus; a checkpoint has 80 kB.
@pytest.mark.parametrize(("limit", "seconds"), [(2_000_000, 100.0), (60_000, 100.0)], ids=["log", "first checkpoint"])
def test_a_full_disk_ends_the_run_and_what_was_written_can_be_read(tmp_path, quick, limit, seconds):
    command = [sys.executable, "-c", FULL, tmp_path, str(limit), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    folder, message = done.stdout.splitlines()
    run = Run.open(folder)
    assert run.status() == "failed"
    assert "What was written before stays readable; free some space" in message
    assert re.sub(r"\s+", " ", message) == run.facts["error"]
    with Trace.open(folder) as trace, Trace.open(quick.folder) as whole:
        stimuli, spikes = trace.stimuli(), trace.spikes("exc")
        count = len(stimuli["stim"])
        np.testing.assert_array_equal(stimuli["stim"], np.arange(count))
        assert count > 10 or limit == 60_000
        expected = whole.spikes("exc", stim=(0, count))
        np.testing.assert_array_equal(spikes.t[spikes.stim < count], expected.t)


def test_a_full_disk_in_the_middle_can_be_gone_on_from(plan, order, checkpoints_at, interrupt, assert_same_run):
    whole, folders = train(plan(), order()), []
    checkpoints_at(20)
    stopped = interrupt(33, StorageFull("no more"))
    with pytest.raises(StorageFull):
        train(plan(), order(started=folders.append))
    assert Run.open(folders[0]).status() == "failed"
    stopped.undo()
    train(plan(), order(resume=folders[0]))
    assert Run.open(folders[0]).facts["error"] is None
    assert_same_run(folders[0], whole)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"n": 13}, "n was 12, now 13"),
        ({"seed": 4, "passes": 3}, "passes was 2, now 3, seed was 0, now 4"),
        ({"probes": (Probe("exc.spikes"),)}, "probes was"),
    ],
)
def test_another_configuration_is_refused(plan, order, changes, says):
    folder = train(plan(), order())
    before = (folder / "run.json").read_bytes()
    with pytest.raises(RunError, match=f"another configuration .*{says}"):
        train(plan(**changes), order(resume=folder))
    assert (folder / "run.json").read_bytes() == before


def test_a_run_of_another_recipe_is_refused(plan, order, tmp_path):
    other = Run.create(tmp_path, "other", seed=0, config={})
    other.update(status="finished")
    with pytest.raises(RunError, match="is a run of other, not of diehl-cook-digits"):
        train(plan(), order(resume=other.folder))


def test_a_run_that_is_still_being_written_is_refused_and_its_facts_stay(plan, order):
    asked = order()
    with course(plan(), asked) as live:
        live.learn(asked)
        live.run.update(process={**live.run.facts["process"], "host": "another"})
        before = (live.run.folder / "run.json").read_bytes()
        with pytest.raises(RunError, match=r"cannot be resumed: .* still being written by another process"):
            train(plan(), order(resume=live.run.folder))
        assert (live.run.folder / "run.json").read_bytes() == before
        live.name_neurons(asked)
    assert Run.open(live.run.folder).status() == "finished"


def test_a_run_that_was_killed_on_another_host_can_be_resumed(plan, order, checkpoints_at, interrupt, assert_same_run):
    """A container that is started again has another host name, and the run still says that it is running."""
    whole, folders = train(plan(), order()), []
    checkpoints_at(20)
    stopped = interrupt(33)
    with pytest.raises(KeyboardInterrupt):
        train(plan(), order(started=folders.append))
    stopped.undo()
    killed = Run.open(folders[0])
    killed.update(status="running", process={**killed.facts["process"], "host": "another"})
    assert killed.status() == "running"
    train(plan(), order(resume=folders[0]))
    assert Run.open(folders[0]).status() == "finished"
    assert_same_run(folders[0], whole)


def test_a_resumed_run_is_locked_before_its_facts_are_written(plan, order, interrupt, monkeypatch):
    folders, refused = [], []
    stopped = interrupt(33)
    with pytest.raises(KeyboardInterrupt):
        train(plan(), order(started=folders.append))
    stopped.undo()
    update = Run.update

    def contested(run, **facts):
        try:
            with only_writer(run.trace_folder):
                refused.append(False)
        except TraceError:
            refused.append(True)
        update(run, **facts)

    monkeypatch.setattr(Run, "update", contested)
    train(plan(), order(resume=folders[0]))
    assert len(refused) >= 3, "running, a checkpoint, finished"
    assert all(refused)


def test_what_another_process_has_reached_meanwhile_counts(plan, order, checkpoints_at, interrupt, monkeypatch):
    """The facts and the weights are read after the lock was taken, not before."""
    folders = []
    checkpoints_at(20)
    stopped = interrupt(33)
    with pytest.raises(KeyboardInterrupt):
        train(plan(), order(started=folders.append))
    stopped.undo()
    first = [folders[0]]

    @contextmanager
    def after_another(folder):
        if first:
            train(plan(), order(resume=first.pop()))
            Run.open(folders[0]).update(metrics={"accuracy": 0.5})
        with only_writer(folder) as lock:
            yield lock

    monkeypatch.setattr(going_on, "only_writer", after_another)
    asked = order(resume=folders[0])
    with course(plan(), asked) as late:
        assert late.done == 60
    assert Run.open(folders[0]).facts["metrics"]["accuracy"] == 0.5


def test_what_is_no_run_is_refused(plan, order, tmp_path):
    with pytest.raises(RunError, match="is not a run: there is no such folder"):
        train(plan(), order(resume=tmp_path / "nothing"))
    with pytest.raises(RunError, match="is not a run: it is empty"):
        train(plan(), order(resume=tmp_path))


def test_a_run_without_a_checkpoint_is_refused(plan, order, tmp_path):
    begun = Run.create(tmp_path, "diehl-cook-digits", seed=0, config=plan().config())
    begun.update(status="interrupted")
    with pytest.raises(RunError, match=r"cannot be resumed: .*trace is not a trace"):
        train(plan(), order(resume=begun.folder))
    TraceWriter.create(begun.trace_folder, Header("begun", 500_000, (Layer("exc", (12,)),))).close()
    with pytest.raises(RunError, match="ended before its first checkpoint"):
        train(plan(), order(resume=begun.folder))
    assert Run.open(begun.folder).status() == "interrupted", "what cannot be resumed stays as it is"


def test_damaged_weights_are_refused(plan, order):
    folder = train(plan(), order())
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-50])
    with pytest.raises(RunError, match="is damaged"):
        train(plan(), order(resume=folder))


def test_a_place_where_no_run_can_be_made(plan, order, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match=r"cannot write .*file/runs"):
        train(plan(), order(runs=tmp_path / "file" / "runs"))


def test_reproduce_gives_a_value_and_its_control(plan, order):
    teaching = plan()
    result = reproduce(teaching, order(seed=0), published=0.5)
    images = teaching.images
    assert result.value == teaching.model.strict_score(images.test, images.test_labels)
    untrained = plan().model.begin(images.train, images.train_labels).name_neurons(images.train, images.train_labels)
    assert result.control == untrained.strict_score(images.test, images.test_labels)
    assert (result.name, result.published, result.seed) == ("diehl-cook-digits", 0.5, 0)
    assert result.images_per_second > 10
    facts = Run.open(result.run).facts
    assert facts["metrics"]["accuracy"] == result.value
    assert facts["metrics"]["control"] == result.control
    told = summary.answer(shown(result.run), Query())
    assert (told["accuracy"], told["control"]) == (result.value, result.control), "the studio knows these names"
    assert (told["accuracy_name"], told["seconds"]) == ("Accuracy, held out", facts["metrics"]["seconds"])


def shown(folder):
    run = OpenRun(Path(folder))
    run.refresh()
    return run


def test_progress_is_told(plan, order):
    asked = order()
    train(plan(), asked)
    told = asked.stream.getvalue().splitlines()
    assert any(line.startswith("training: 60/60") for line in told)
    assert told[-1].startswith("naming neurons: 30/30")


def test_the_model_at_hand_is_the_trained_one(plan, order):
    with course(plan(), order()) as under_way:
        under_way.learn(order())
        assert under_way.done == under_way.plan.lessons == 60
        assert under_way.plan.model.lessons_seen_ == 60


def test_the_last_weights_are_kept_once(plan, order):
    """60 lessons, weights every 8 and every 30: the end is due anyway in the second case, and must not come twice."""
    for every, stims in ((8, [-1, 7, 15, 23, 31, 39, 47, 55, 59]), (30, [-1, 29, 59])):
        with Trace.open(train(plan((Probe("input_exc.w", every=every),)), order())) as trace:
            assert trace.snapshots("input_exc")["stim"].tolist() == stims


def test_a_turn_is_taken_once_and_before_the_next_lesson(plan, order, checkpoints_at, interrupt):
    """At 20, of which there is a checkpoint that has it; at 40, of which there is none, so that it is taken again."""
    checkpoints_at(20)
    stopped, folders, taken = interrupt(45), [], []

    def learn(asked):
        with course(plan(), asked) as under_way:
            turns = {
                done: lambda done=done: taken.append((done, under_way.done, under_way.plan.model.lessons_seen_))
                for done in (20, 40)
            }
            under_way.learn(asked, turns=turns)

    with pytest.raises(KeyboardInterrupt):
        learn(order(started=folders.append))
    stopped.undo()
    learn(order(resume=folders[0]))
    assert taken == [(20, 20, 20), (40, 40, 40), (40, 40, 40)]
