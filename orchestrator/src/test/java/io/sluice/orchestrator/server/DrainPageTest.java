package io.sluice.orchestrator.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.orchestrator.web.dashboard.Chromium;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A drain from the page to "safe to power off", through the whole server, with hosts that speak the agents' API. */
class DrainPageTest extends ServerTest {

    private final Chromium chromium = new Chromium();
    private final List<FakeHost> hosts = new ArrayList<>();

    @BeforeEach
    void twoHosts() {
        hosts.add(host("worker-1").workload("db-1").register().live());
        hosts.add(host("worker-2").register());
        hosts.getLast().stuckBefore = IncomingGoal.HYDRATED;
        hosts.getLast().live();
    }

    @AfterEach
    void stop() {
        hosts.forEach(FakeHost::close);
        try (chromium) {
            chromium.assertNoComplaints();
        }
    }

    @Test
    void drainsFromThePageUntilSafeToPowerOff() {
        Page page = startDrain();

        assertThat(heading(page, "Not safe to power off")).isVisible();
        Locator bar = page.locator(".migration progress");
        assertThat(bar).hasAttribute("value", "50");
        assertThat(page.locator(".migration .badge")).hasText("hydrating");

        hosts.getLast().stuckBefore = null;
        hosts.getLast().sync();

        assertThat(heading(page, "Safe to power off")).isVisible();
        assertThat(bar).hasAttribute("value", "100");
        assertThat(page.locator(".migration .badge")).hasText("done");
    }

    @Test
    void cancelsFromThePageWhatIsStillReversible() {
        hosts.getLast().stuckBefore = IncomingGoal.CLONED;
        Page page = startDrain();
        assertThat(page.locator(".migration .badge")).hasText("cloning");

        button(page, "Cancel this drain…").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("db-1 stays on worker-1");
        button(page, "Cancel the drain").click();

        assertThat(page.locator("#live .head .badge")).hasText("cancelled");
        assertThat(page.locator(".migration .badge")).hasText("aborted");
    }

    private Page startDrain() {
        Page page = chromium.open(URI.create("http://127.0.0.1:" + port), new Browser.NewContextOptions());
        page.navigate("/");
        page.getByLabel("Operator token").fill("drain");
        button(page, "Log in").click();
        assertThat(page.locator("#worker-worker-1 .chip")).hasText("db-1");
        assertThat(page.locator("#worker-worker-2 .fill")).isVisible();
        button(page, "Drain worker-1").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("db-1 → worker-2");
        button(page, "Start the drain").click();
        assertThat(heading(page, "Drain of worker-1")).isVisible();
        return page;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
