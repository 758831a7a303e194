package io.sluice.orchestrator.cli.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The public REST API of the service. Every call blocks, ends within a limit, and throws {@link RestException} when it
 * was refused or nothing answered. {@link #read} and {@link #send} give the service's own JSON; the rest gives records.
 */
public final class RestClient implements AutoCloseable {

    /** Long enough for a loaded laptop, short enough that a wrong address is noticed. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** No call of the API waits for hosts; a slow answer is a sick service. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final URI base;
    private final String token;
    private final HttpClient http;
    private final JsonMapper json = new JsonMapper();

    /**
     * Connects on the first call, not here.
     *
     * @param url where the service is, e.g. {@code http://127.0.0.1:8080}; the API's path is added
     */
    public RestClient(URI url, String token) {
        this.base = URI.create(url.toString().replaceAll("/+$", ""));
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .build();
    }

    public List<WorkerView> workers() {
        return items(read("/workers"), WorkerView.class);
    }

    public WorkerView worker(String id) {
        return as(read("/workers/" + segment(id)), WorkerView.class);
    }

    public WorkerView cordon(String worker) {
        return as(send("/workers/" + segment(worker) + "/cordon", null), WorkerView.class);
    }

    public WorkerView uncordon(String worker) {
        return as(send("/workers/" + segment(worker) + "/uncordon", null), WorkerView.class);
    }

    public List<VolumeView> volumes() {
        return items(read("/volumes"), VolumeView.class);
    }

    /** What a drain would do; starts nothing. */
    public PlanView dryRun(String worker, DrainRequest request) {
        return as(send(drainPath(worker) + "?dryRun=true", request), PlanView.class);
    }

    /** Starts a drain, or finds the one that already runs on that worker. */
    public DrainView startDrain(String worker, DrainRequest request) {
        return as(send(drainPath(worker), request), DrainView.class);
    }

    public List<DrainView> drains() {
        return items(read("/drains"), DrainView.class);
    }

    public DrainView drain(String id) {
        return as(read("/drains/" + segment(id)), DrainView.class);
    }

    public PlanView planOf(String drain) {
        return as(read("/drains/" + segment(drain) + "/plan"), PlanView.class);
    }

    public DrainView cancel(String drain) {
        return as(send("/drains/" + segment(drain) + "/cancel", null), DrainView.class);
    }

    /**
     * PATCH below {@code /api/v1}: only what is not null is changed; a field that {@code clears} answers for is sent as null,
     * which puts it back to its default.
     */
    public JsonNode change(String path, Object fields, Predicate<String> clears) {
        ObjectNode patch = json.valueToTree(fields);
        List.copyOf(patch.propertyNames()).stream().filter(clears).forEach(patch::putNull);
        return answer(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json.writeValueAsString(patch)))
                .build());
    }

    public List<MigrationView> migrations() {
        return items(read("/migrations"), MigrationView.class);
    }

    public MigrationView migration(String id) {
        return as(read("/migrations/" + segment(id)), MigrationView.class);
    }

    /**
     * Follows a drain's events on the calling thread until the service ends the stream. After a break call again with
     * the last event's cursor: nothing is missed and nothing comes twice.
     *
     * @param after the cursor to go on after, or null for all events from the drain's start
     */
    public void events(String drain, @Nullable String after, Consumer<DrainEvent> sink) {
        String from = after == null ? "" : "?after=" + segment(after);
        HttpRequest request = HttpRequest.newBuilder(address("/drains/" + segment(drain) + "/events" + from))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> response = exchange(request, HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(response.statusCode(), String.join("\n", lines.toList()));
            }
            EventParser parser = new EventParser(sink);
            lines.forEach(parser::line);
        } catch (UncheckedIOException broken) {
            throw new RestException.Unreachable(base, "the event stream broke", broken);
        }
    }

    /** GET below {@code /api/v1}, as the service's own JSON. */
    public JsonNode read(String path) {
        return answer(request(path).GET().build());
    }

    /** POST below {@code /api/v1}, as the service's own JSON; no body when {@code body} is null. */
    public JsonNode send(String path, @Nullable Object body) {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body));
        return answer(request(path)
                .header("Content-Type", "application/json")
                .POST(publisher)
                .build());
    }

    /** PUT below {@code /api/v1}, as the service's own JSON. */
    public JsonNode put(String path, Object body) {
        return answer(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build());
    }

    /** PATCH below {@code /api/v1}, as the service's own JSON. */
    public JsonNode patch(String path, Object body) {
        return answer(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build());
    }

    /** DELETE below {@code /api/v1}, as the service's own JSON. */
    public JsonNode delete(String path) {
        return answer(request(path).DELETE().build());
    }

    /** DELETE below {@code /api/v1} that answers nothing. */
    public void remove(String path) {
        HttpResponse<String> response = exchange(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
    }

    /** Reads one of the API's objects from JSON this client got. */
    public <T> T as(JsonNode node, Class<T> type) {
        try {
            return json.treeToValue(node, type);
        } catch (JacksonException notUnderstood) {
            throw new RestException.Refused(
                    200,
                    "ANSWER_NOT_UNDERSTOOD",
                    "the service's answer is no " + type.getSimpleName() + ": " + notUnderstood.getOriginalMessage(),
                    "use the sluice command of the same version as the service");
        }
    }

    /** Reads the API's {@code {"items": […]}}. */
    public <T> List<T> items(JsonNode list, Class<T> type) {
        List<T> items = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            items.add(as(item, type));
        }
        return items;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private static String drainPath(String worker) {
        return "/workers/" + segment(worker) + "/drain";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address(path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
    }

    private URI address(String path) {
        return URI.create(base + "/api/v1" + path);
    }

    private JsonNode answer(HttpRequest request) {
        HttpResponse<String> response = exchange(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        try {
            return json.readTree(response.body());
        } catch (JacksonException notJson) {
            throw new RestException.Refused(
                    response.statusCode(),
                    "ANSWER_NOT_UNDERSTOOD",
                    request.uri() + " did not answer in JSON",
                    "check that --url names a Sluice service, not a proxy or another program");
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (HttpTimeoutException late) {
            throw new RestException.Unreachable(base, "no answer in time", late);
        } catch (ConnectException refused) {
            throw new RestException.Unreachable(base, "nothing listens there", refused);
        } catch (IOException failed) {
            String why = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            throw new RestException.Unreachable(base, why, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RestException.Unreachable(base, "interrupted", interrupted);
        }
    }

    private RestException refused(int status, String body) {
        JsonNode problem;
        try {
            problem = json.readTree(body);
        } catch (JacksonException notJson) {
            problem = json.createObjectNode();
        }
        String code = text(problem, "code", "HTTP_" + status);
        String detail = text(problem, "detail", text(problem, "title", "the service answered with status " + status));
        return new RestException.Refused(status, code, detail, remedy(problem, status));
    }

    private static @Nullable String remedy(JsonNode problem, int status) {
        Map<Integer, String> usual = Map.of(
                401, "give a valid token with --token-file, SLUICE_TOKEN_FILE, --token or SLUICE_TOKEN",
                403, "use a token of a role that may do this");
        JsonNode own = problem.path("remedy");
        return own.isString() ? own.asString() : usual.get(status);
    }

    private static String text(JsonNode object, String field, String otherwise) {
        JsonNode value = object.path(field);
        return value.isString() ? value.asString() : otherwise;
    }

    /** Makes an id fit to stand between two slashes of a path for {@link #read} and {@link #send}. */
    public static String segment(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
