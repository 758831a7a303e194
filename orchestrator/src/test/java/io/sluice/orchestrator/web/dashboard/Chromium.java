package io.sluice.orchestrator.web.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The machine's headless Chromium, and what it complained about: errors on the console, requests to anywhere else. */
public final class Chromium implements AutoCloseable {

    /** A loaded machine takes its time; a page that is wrong fails all the same. */
    private static final double LIMIT_MILLIS = 20_000;

    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Playwright playwright;
    private final Browser browser;

    /** Skips the test where there is no Chromium. */
    public Chromium() {
        assumeTrue(Files.isExecutable(EXECUTABLE), "no browser: install Debian's package chromium");
        PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    /** A page of a new session; paths are relative to {@code base}. */
    public Page open(URI base, Browser.NewContextOptions options) {
        BrowserContext session = browser.newContext(options.setBaseURL(base.toString()));
        Page page = session.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add("console: " + message.text());
            }
        });
        page.onPageError(error -> complaints.add("script: " + error));
        page.onRequest(request -> {
            if (!URI.create(request.url()).getAuthority().equals(base.getAuthority())) {
                complaints.add("request to " + request.url());
            }
        });
        return page;
    }

    /** Fails with what was complained about since the start. */
    public void assertNoComplaints() {
        assertThat(complaints).isEmpty();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
