package io.sluice.orchestrator.web.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.DrainsRequest;
import io.sluice.orchestrator.web.LimitsView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.Moment;
import io.sluice.orchestrator.web.WorkerView;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The pages in a browser, with the server's real security, over a scripted fleet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {

    private static final String TOKEN = "operator-token-of-this-test-0123456789";
    private static final long MIB = Examples.MIB;
    private static final List<String> PATHS = List.of(
            "/",
            "/drains",
            "/drains/d-1",
            "/drains/d-2",
            "/drains/d-3",
            "/migrations/m-1",
            "/migrations/m-3",
            "/volumes",
            "/copies",
            "/copies/worker-1/vol-1/2/delete",
            "/drains/new",
            "/drains/d-1/limits",
            "/workers/worker-2/drain",
            "/drains/d-1/cancel",
            "/drains/d-1/pause",
            "/migrations/m-3/hold",
            "/workers/worker-3/cordon",
            "/workers/worker-4/write-off",
            "/workers/worker-4/reinstate");

    private final Chromium chromium;
    private final ConfigurableApplicationContext application;
    private final FakeFleet fleet;
    private final URI url;

    BrowserTest(@TempDir Path data) {
        chromium = new Chromium();
        application = new SpringApplication(PagesApplication.class)
                .run(
                        "--server.port=0",
                        "--sluice.tokens.operator=" + TOKEN,
                        "--sluice.data-dir=" + data,
                        // there is no database here whose health could be told
                        "--management.endpoint.health.validate-group-membership=false");
        fleet = application.getBean(FakeFleet.class);
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        url = URI.create("http://127.0.0.1:" + port);
    }

    @AfterEach
    void nothingWasComplainedAbout() {
        chromium.assertNoComplaints();
    }

    @AfterAll
    void stop() {
        chromium.close();
        application.close();
    }

    @Test
    void logsInDrainsAWorkerSeesBarsMoveAndReachesSafeToPowerOff() {
        fleet.begun.put("worker-2", drain(DrainView.Phase.RUNNING, 10, "Hydrating"));
        Page page = desktop();
        page.navigate("/");
        logIn(page, "not the token");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("not known");
        logIn(page, TOKEN);
        button(page, "Drain worker-2").click();

        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("NO_ELIGIBLE_DESTINATION");
        assertThat(dialog).containsText("Uncordon a worker, add one, or free space");
        assertThat(dialog).containsText("db-1 → worker-3");
        dialog.getByLabel("Reason").fill("kernel update");
        button(page, "Start the drain").click();

        assertThat(page).hasURL(url + "/drains/d-9");
        assertThat(fleet.asked).contains("drain worker-2 because kernel update by operator");
        assertThat(heading(page, "Not safe to power off")).isVisible();
        Locator bar = page.locator("#migration-m-9 progress");
        assertThat(bar).hasAttribute("value", "3");

        fleet.drains.put("d-9", drain(DrainView.Phase.EVACUATED, 128, "Hydrating"));
        assertThat(bar).hasAttribute("value", "50");
        assertThat(page.locator("#live .head .badge")).hasText("evacuated");

        fleet.drains.put("d-9", drain(DrainView.Phase.DRAINED, 256, "Done"));
        assertThat(heading(page, "Safe to power off")).isVisible();
        assertThat(bar).hasAttribute("value", "100");
        assertThat(page.locator("#announcement")).hasText("Drain drained. worker-2 is safe to power off.");
        assertThat(page.getByText("Cancel this drain")).isHidden();
    }

    @Test
    void showsALargeDrainByPagesThoseOnTheirWayFirst() {
        List<MigrationView> migrations = IntStream.range(0, 120)
                .mapToObj(i -> Examples.migration(
                        "m-" + i, "db-" + i, i % 3 == 0 ? "Hydrating" : "Planned", i % 3 == 0 ? 10 * MIB : null))
                .toList();
        List<DrainView.BlockerView> blockers = IntStream.range(0, 120)
                .mapToObj(
                        i -> new DrainView.BlockerView("VOLUME_HELD", "vol-" + i + " is there", "wait", "vol-" + i, 1L))
                .toList();
        fleet.drains.put(
                "d-9",
                Examples.drain("d-9", "worker-2", DrainView.Phase.RUNNING, 400 * MIB, blockers, List.of(), migrations));
        Page page = loggedIn(desktop());
        page.navigate("/drains/d-9");

        assertThat(page.locator("article.migration")).hasCount(50);
        assertThat(page.locator("#migration-m-117")).isVisible();
        assertThat(page.locator(".pages")).containsText("1 to 50 of 120");
        page.locator(".pages").getByText("Next").click();
        assertThat(page.locator(".pages")).containsText("51 to 100 of 120");
        assertThat(page.locator("article.migration .badge").first()).hasText("planned");
        page.locator(".pages").getByText("Previous").click();
        assertThat(page.locator("#migration-m-0")).isVisible();
    }

    @Test
    void showsALargeFleetByPagesThoseInTroubleFirstAndFindsAWorker() {
        List<WorkerView> few = List.copyOf(fleet.workers);
        IntStream.range(100, 220)
                .mapToObj(i -> Examples.worker("host-" + i, WorkerView.Status.ACTIVE, 1, null))
                .forEach(fleet.workers::add);
        fleet.volumes.add(Examples.volume("vol-219", "host-219", "db-219"));
        try {
            Page page = loggedIn(desktop());
            page.navigate("/");

            assertThat(page.locator("#live .head")).containsText("124 workers, 1 silent");
            assertThat(page.locator("article.worker")).hasCount(50);
            assertThat(page.locator("article.worker").first()).hasId("worker-worker-4");
            assertThat(page.locator(".pages")).containsText("1 to 50 of 124");
            page.locator(".pages").getByText("Next").click();
            assertThat(page.locator(".pages")).containsText("51 to 100 of 124");

            page.getByLabel("Worker or place").fill("HOST-2");
            button(page, "Find").click();
            assertThat(page.locator("article.worker")).hasCount(20);
            assertThat(page.locator("#worker-host-219")).containsText("db-219");
            assertThat(page.getByLabel("Worker or place")).hasValue("HOST-2");
            fleet.workers.removeIf(worker -> worker.id().equals("host-219"));
            assertThat(page.locator("article.worker")).hasCount(19);

            page.getByLabel("Worker or place").fill("nowhere & such");
            button(page, "Find").click();
            assertThat(page.locator("#live")).containsText("No worker has 'nowhere & such' in its name or place.");
        } finally {
            fleet.workers.clear();
            fleet.workers.addAll(few);
            fleet.volumes.removeIf(volume -> volume.worker().equals("host-219"));
        }
    }

    @Test
    void cancelsADrainAfterAskingWhatItMeans() {
        fleet.drains.put("d-9", drain(DrainView.Phase.RUNNING, 10, "Hydrating"));
        Page page = loggedIn(desktop());
        page.navigate("/drains/d-9");
        button(page, "Cancel this drain…").click();

        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("db-1 goes on to worker-2");
        button(page, "Cancel the drain").click();

        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        assertThat(fleet.asked).contains("cancel d-9 by operator");
        fleet.drains.put("d-9", drain(DrainView.Phase.CANCELLED, 10, "Aborted"));
        assertThat(page.locator("#live .head .badge")).hasText("cancelled");
    }

    @Test
    void steersADrainAndItsMigrationsAndSaysWhatItWaitsFor() {
        fleet.begun.put("worker-2", drain(DrainView.Phase.RUNNING, 10, "Preparing"));
        Page page = loggedIn(desktop());
        button(page, "Drain worker-2").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Afterwards the worker").selectOption("DECOMMISSION");
        dialog.getByText("When, and how urgent").click();
        dialog.getByLabel("Begin not before").fill("2026-12-01T22:00");
        dialog.getByLabel("Cut over only within, daily").fill("22:00-04:00 Europe/Berlin");
        dialog.getByLabel("Priority").fill("7");
        button(page, "Start the drain").click();
        assertThat(page).hasURL(url + "/drains/d-9");
        assertThat(fleet.wishes.getLast())
                .isEqualTo(new DrainRequest(
                        null,
                        DrainMode.DECOMMISSION,
                        null,
                        null,
                        7,
                        new Moment.At(Instant.parse("2026-12-01T22:00:00Z")),
                        List.of("22:00-04:00 Europe/Berlin"),
                        null,
                        Steering.Missed.ALARM,
                        null,
                        null,
                        null));

        button(page, "Pause…").click();
        assertThat(dialog).containsText("Nothing of it begins and nothing cuts over");
        dialog.getByLabel("Reason").fill("lunch");
        button(page, "Pause the drain").click();
        assertThat(page).hasURL(url + "/drains/d-9");
        assertThat(fleet.asked).contains("PAUSE d-9 because lunch by operator");
        fleet.drains.put("d-9", Examples.paused("d-9"));
        assertThat(page.locator("#live .head .badge")).hasText("paused");
        assertThat(page.locator("#hold-ups")).containsText("DRAIN_PAUSED");
        assertThat(button(page, "Resume…")).isVisible();

        page.navigate("/migrations/m-3");
        button(page, "Abort…").click();
        assertThat(dialog).containsText("It stays on worker-1");
        button(page, "Give it up").click();
        assertThat(page).hasURL(url + "/migrations/m-3");
        assertThat(fleet.asked).contains("ABORT m-3 because  by operator");
    }

    @Test
    void drainsSeveralWorkersTogetherByThePlanThatWasShown() {
        Page page = loggedIn(desktop());
        page.navigate("/drains");
        button(page, "Drain several workers…").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("worker-1").check();
        dialog.getByLabel("worker-2").check();
        dialog.getByLabel("Afterwards the workers").selectOption("DECOMMISSION");
        dialog.getByText("When, and how urgent").click();
        dialog.locator("#deadline").fill("2026-12-01T22:00");
        dialog.getByLabel("When the deadline passes").selectOption("PAUSE");
        dialog.getByLabel("Priority").fill("40");
        button(page, "Show the plan").click();

        assertThat(heading(page, "Drain 1 worker?")).isVisible();
        assertThat(page.locator("#live")).containsText("db-1 → worker-3");
        assertThat(page.locator("#live")).containsText("web-9 worker-3 → worker-1 makes room for db-1");
        assertThat(fleet.joint.getLast())
                .isEqualTo(new DrainsRequest(
                        List.of("worker-1", "worker-2"),
                        null,
                        null,
                        null,
                        DrainMode.DECOMMISSION,
                        null,
                        null,
                        40,
                        null,
                        null,
                        new Moment.At(Instant.parse("2026-12-01T22:00:00Z")),
                        Steering.Missed.PAUSE,
                        null,
                        null,
                        null));

        button(page, "Start exactly this").click();
        assertThat(page).hasURL(url + "/drains");
        assertThat(fleet.asked).contains("execute p-7 by operator");

        page.navigate("/drains/new");
        page.getByLabel("Or all that a selector names").fill("rack=r07");
        button(page, "Show the plan").click();
        assertThat(heading(page, "Drain 1 worker?")).isVisible();
        assertThat(fleet.joint.getLast().selector()).isEqualTo("rack=r07");
        assertThat(fleet.joint.getLast().workers()).isNull();
    }

    @Test
    void showsWhatIsMovedOutOfTheWayAsThat() {
        fleet.drains.put(
                "d-9",
                Examples.drain(
                        "d-9",
                        "worker-3",
                        DrainView.Phase.RUNNING,
                        0,
                        List.of(new DrainView.BlockerView("VOLUME_OWNED", "vol-1 is there", "wait", "vol-1", 1L)),
                        List.of(),
                        List.of(Examples.makingRoom("m-9", "web-9", "db-1"))));
        Page page = loggedIn(desktop());
        page.navigate("/drains/d-9");

        assertThat(page.locator("#migration-m-9")).containsText("makes room for db-1");
        assertThat(page.locator("#migration-m-9")).containsText("worker-1 to worker-2");
    }

    @Test
    void changesTheLimitsOfADrainThatRuns() {
        fleet.drains.put("d-9", drain(DrainView.Phase.RUNNING, 10, "Hydrating"));
        Page page = loggedIn(desktop());
        page.navigate("/drains/d-9");
        button(page, "Limits…").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByLabel("Migrations at once from the worker")).hasValue("2");
        dialog.getByLabel("Migrations at once from the worker").fill("8");
        dialog.getByLabel("Cut over only within").fill("22:00-04:00 Europe/Berlin\n12:00-13:00 UTC\n");
        dialog.locator("#deadline").fill("2026-12-01T22:00");
        dialog.getByLabel("Volumes on other workers that may be moved").fill("3");
        dialog.getByLabel("Bytes of these together").fill("1000000");
        button(page, "Change the limits").click();

        assertThat(page).hasURL(url + "/drains/d-9");
        LimitsView limits = new LimitsView(
                8,
                2,
                0,
                null,
                List.of("22:00-04:00 Europe/Berlin", "12:00-13:00 UTC"),
                new Moment.At(Instant.parse("2026-12-01T22:00:00Z")),
                Steering.Missed.ALARM,
                new LimitsView.ThirdPartyView(3, 1_000_000L));
        assertThat(fleet.asked).contains("limits of d-9 to " + limits + " by operator");
    }

    @Test
    void keepsARetainedCopyAndDeletesOneThatIsConfirmed() {
        Page page = loggedIn(desktop());
        page.navigate("/copies");
        assertThat(page.locator("#copy-worker-1-vol-1-2")).containsText("2026-11-23 16:00:00 UTC");
        assertThat(page.locator("#copy-worker-1-vol-2-2")).containsText("kept for good");
        assertThat(page.locator("#copy-worker-1-vol-3-2").getByRole(AriaRole.BUTTON))
                .hasCount(0);

        button(page, "Keep vol-1 of worker-1…").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Policy never deletes it any more");
        button(page, "Keep it for good").click();
        assertThat(page).hasURL(url + "/copies");
        assertThat(fleet.asked).contains("keep vol-1 of worker-1 by operator");

        button(page, "Delete vol-2 of worker-1…").click();
        page.getByLabel("The volume's id, to confirm").fill("vol-2");
        button(page, "Delete the copy").click();
        assertThat(page).hasURL(url + "/copies");
        assertThat(fleet.asked).contains("delete vol-2 of worker-1 confirmed by vol-2 by operator");
    }

    @Test
    void keyboardAloneIsEnough() {
        Page page = loggedIn(desktop());
        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the content")).isFocused();

        Locator drain = button(page, "Drain worker-3");
        fleet.plans.put("worker-3", Examples.plan());
        drain.focus();
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        page.keyboard().press("Escape");

        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        assertThat(drain).isFocused();
    }

    @Test
    void updatesKeepFocusAndWhatWasOpened() {
        fleet.drains.put("d-8", Examples.running("d-8", 40 * MIB));
        Page page = loggedIn(desktop());
        page.navigate("/drains/d-8");
        Locator more = page.locator("#more-blockers");
        more.locator("summary").click();
        Locator link = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("db-2"));
        link.focus();

        fleet.drains.put("d-8", Examples.running("d-8", 900 * MIB));

        assertThat(page.locator(".sum .big strong")).hasText("87");
        assertThat(more).hasAttribute("open", "");
        assertThat(link).isFocused();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void everyPageFitsAPhone(ColorScheme scheme) {
        Page page = loggedIn(chromium.open(
                url, new Browser.NewContextOptions().setViewportSize(360, 740).setColorScheme(scheme)));
        for (String path : PATHS) {
            page.navigate(path);
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as("width of %s", path)
                    .isEqualTo(360);
        }
    }

    @Test
    void onlyAWorkerThatIsSilentCanBeWrittenOffAndWhatItMeansIsSaidFirst() {
        Page page = loggedIn(desktop());
        assertThat(button(page, "Write off worker-2")).hasCount(0);

        button(page, "Write off worker-4").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Nothing is deleted");
        page.getByLabel("Reason").fill("its board burnt");
        button(page, "Write it off").click();

        assertThat(page).hasURL(url + "/");
        assertThat(fleet.asked).contains("write off worker-4 because its board burnt");
    }

    @Test
    void pagesWorkWithoutScript() {
        Page page = loggedIn(chromium.open(url, new Browser.NewContextOptions().setJavaScriptEnabled(false)));
        button(page, "Cordon worker-2").click();
        button(page, "Cordon").click();

        assertThat(page).hasURL(url + "/");
        assertThat(fleet.asked).contains("cordon worker-2");
    }

    private Page desktop() {
        return chromium.open(url, new Browser.NewContextOptions());
    }

    private static Page loggedIn(Page page) {
        page.navigate("/");
        logIn(page, TOKEN);
        assertThat(heading(page, "Fleet")).isVisible();
        return page;
    }

    private static void logIn(Page page, String token) {
        page.getByLabel("Operator token").fill(token);
        button(page, "Log in").click();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static DrainView drain(DrainView.Phase phase, long hydratedMib, String state) {
        boolean safe = phase == DrainView.Phase.DRAINED;
        return Examples.drain(
                "d-9",
                "worker-2",
                phase,
                hydratedMib * MIB,
                safe
                        ? List.of()
                        : List.of(new DrainView.BlockerView("VOLUME_HELD", "vol-1 is there", "wait", "vol-1", 1L)),
                List.of(),
                List.of(Examples.migration("m-9", "db-1", state, hydratedMib * MIB)));
    }
}
