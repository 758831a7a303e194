package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.SteeringOperations.OfDrain;
import io.sluice.orchestrator.web.SteeringOperations.OfMigration;
import java.util.Locale;

/**
 * What a page asks before it does something to a drain, a migration or a worker that is lost: what it will mean, in the words of what is there. Pure.
 *
 * @param action where the answer is posted to
 * @param back where "not now" leads
 */
record Question(String title, String means, String button, String action, String back) {

    static Question of(OfDrain what, DrainView drain) {
        String page = "/drains/" + drain.id();
        String action = page + "/" + what.name().toLowerCase(Locale.ROOT);
        return switch (what) {
            case PAUSE ->
                new Question(
                        "Pause the drain of " + drain.worker() + "?",
                        "Nothing of it begins and nothing cuts over until it is resumed. What runs on its destination already"
                                + " goes on to its end.",
                        "Pause the drain",
                        action,
                        page);
            case RESUME ->
                new Question(
                        "Resume the drain of " + drain.worker() + "?",
                        "It goes on where it was, within its windows and limits.",
                        "Resume the drain",
                        action,
                        page);
        };
    }

    static Question writeOff(String worker) {
        return new Question(
                "Write off " + worker + "?",
                "You say that it does not come back. What has not started elsewhere is given up, what only waits for it to"
                        + " release its copies is done, and nothing lands on it. Nothing is deleted: if it comes back all the"
                        + " same, nothing on it starts by itself that was stopped to be moved, until you reinstate it.",
                "Write it off",
                "/workers/" + worker + "/write-off",
                "/");
    }

    static Question reinstate(String worker) {
        return new Question(
                "Reinstate " + worker + "?",
                "It counts again, cordoned as it is. A workload that was stopped on it to be moved, and went nowhere, starts"
                        + " there again: be sure that it was not restored elsewhere meanwhile.",
                "Reinstate it",
                "/workers/" + worker + "/reinstate",
                "/");
    }

    static Question of(OfMigration what, MigrationView migration) {
        String subject = new Words().subject(migration);
        String page = "/migrations/" + migration.id();
        String action = page + "/" + what.name().toLowerCase(Locale.ROOT);
        return switch (what) {
            case HOLD ->
                new Question(
                        "Hold " + subject + "?",
                        "It is prepared and waits before its cutover; it runs on " + migration.source() + " meanwhile.",
                        "Hold it",
                        action,
                        page);
            case RESUME ->
                new Question(
                        "Let " + subject + " go on?",
                        "It cuts over to " + migration.destination() + " as soon as its drain may.",
                        "Let it go on",
                        action,
                        page);
            case ABORT ->
                new Question(
                        "Give up moving " + subject + "?",
                        "It stays on " + migration.source()
                                + ", or is started there again, until it is retried. Its drain is" + " blocked by it.",
                        "Give it up",
                        action,
                        page);
            case RETRY ->
                new Question(
                        "Try again to move " + subject + "?",
                        "It is placed anew, however often it failed before.",
                        "Try again",
                        action,
                        page);
        };
    }
}
