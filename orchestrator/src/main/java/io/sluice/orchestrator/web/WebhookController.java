package io.sluice.orchestrator.web;

import io.sluice.orchestrator.alert.AlarmWatch;
import io.sluice.orchestrator.alert.Webhook;
import io.sluice.orchestrator.alert.WebhookService;
import io.sluice.orchestrator.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Alarms, and the webhooks that are told of them and of drains. Changing a webhook asks for the role admin. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "alarms and webhooks")
class WebhookController {
    private static final int MOST_WEBHOOKS = 50;
    private static final int MOST_KINDS = 32;
    private static final int LONGEST_URL = 2000;
    private static final String KIND = "[a-z]+(\\.[a-z]+)*";

    private final AlarmWatch alarms;
    private final WebhookService webhooks;

    WebhookController(AlarmWatch alarms, WebhookService webhooks) {
        this.alarms = alarms;
        this.webhooks = webhooks;
    }

    @GetMapping("/alarms")
    @Operation(summary = "Lists what is alarming right now, the oldest first")
    Items<AlarmView> alarms() {
        return new Items<>(alarms.raised().stream().map(AlarmView::of).toList());
    }

    @GetMapping("/webhooks")
    @Operation(summary = "Lists webhooks with what waits for them and what was given up")
    Items<WebhookView> list() {
        return new Items<>(webhooks.webhooks().stream().map(WebhookView::of).toList());
    }

    @PostMapping("/webhooks")
    @Operation(
            summary = "Adds a webhook; the answer alone shows the secret that signs what is sent",
            description =
                    "kinds: drain (drain.started, .evacuated, .drained, .cancelling, .closed), alarm (alarm.raised,"
                            + " .cleared). Each delivery is a POST with Sluice-Signature: t=seconds,k=key id,v1=hex of HMAC-SHA256"
                            + " over '<seconds>.<body>'.")
    ResponseEntity<WebhookView> add(@RequestBody WebhookRequest request, Principal operator) {
        if (webhooks.webhooks().size() >= MOST_WEBHOOKS) {
            throw invalid("there are " + MOST_WEBHOOKS + " webhooks already");
        }
        List<String> kinds = request.kinds() == null ? List.of() : request.kinds();
        if (kinds.size() > MOST_KINDS || kinds.stream().anyMatch(kind -> kind == null || !kind.matches(KIND))) {
            throw invalid("kinds: at most " + MOST_KINDS + ", each like drain or alarm.raised");
        }
        WebhookView made = WebhookView.of(webhooks.add(url(request.url()), kinds, operator.getName()));
        return ResponseEntity.created(URI.create("/api/v1/webhooks/" + made.id()))
                .body(made);
    }

    @GetMapping("/webhooks/{id}")
    @Operation(summary = "Shows a webhook")
    WebhookView show(@PathVariable String id) {
        return WebhookView.of(require(id));
    }

    @DeleteMapping("/webhooks/{id}")
    @Operation(summary = "Removes a webhook with all that waits for it")
    ResponseEntity<Void> remove(@PathVariable String id, Principal operator) {
        if (!webhooks.remove(require(id).id(), operator.getName())) {
            throw ProblemException.unknown("webhook", id);
        }
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/webhooks/{id}/rotate")
    @Operation(summary = "Signs with another secret from now on; the answer alone shows it")
    WebhookView rotate(@PathVariable String id, Principal operator) {
        Webhook.Made made = webhooks.rotate(require(id).id(), operator.getName());
        if (made == null) {
            throw ProblemException.unknown("webhook", id);
        }
        return WebhookView.of(made);
    }

    @PostMapping("/webhooks/{id}/test")
    @Operation(summary = "Sends a notice of the kind test to this webhook alone")
    WebhookView test(@PathVariable String id, Principal operator) {
        webhooks.test(require(id).id(), operator.getName());
        return show(id);
    }

    @PostMapping("/webhooks/{id}/retry")
    @Operation(summary = "Tries again what was given up")
    Map<String, Integer> retry(@PathVariable String id) {
        return Map.of("retried", webhooks.revive(require(id).id()));
    }

    private Webhook require(String id) {
        Webhook webhook = webhooks.find(id);
        if (webhook == null) {
            throw ProblemException.unknown("webhook", id);
        }
        return webhook;
    }

    private static URI url(@Nullable String text) {
        try {
            URI url = URI.create(text == null ? "" : text.strip());
            boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (web
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.toString().length() <= LONGEST_URL) {
                return url;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // told below, in the same words: what matters is the text given
        }
        throw invalid("url is no http or https address of a host, without a user in it");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT, "INVALID_REQUEST", detail, "Correct the field named.");
    }
}
