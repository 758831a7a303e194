package io.sluice.orchestrator.alert;

import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Webhooks as admins manage them. A secret is made here, shown once, and kept sealed. */
@Service
public class WebhookService {
    private static final Logger log = LoggerFactory.getLogger(WebhookService.class);
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 6;

    private final WebhookStore store;
    private final SecureRandom random = new SecureRandom();

    WebhookService(WebhookStore store) {
        this.store = store;
    }

    public List<Webhook> webhooks() {
        return store.webhooks();
    }

    public @Nullable Webhook find(String id) {
        return store.webhooks().stream()
                .filter(webhook -> webhook.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    public Webhook.Made add(URI url, List<String> kinds, String actor) {
        String id = "w-" + hex();
        WebhookStore.Key key = key();
        store.add(id, url, kinds, key, actor);
        log.info("webhook added webhook={} host={} actor={}", id, url.getHost(), actor);
        return new Webhook.Made(Objects.requireNonNull(find(id), "just added"), key.secret());
    }

    /** Null when there is none. */
    public Webhook.@Nullable Made rotate(String id, String actor) {
        WebhookStore.Key key = key();
        if (!store.change(id, key, actor)) {
            return null;
        }
        log.info("webhook's secret changed webhook={} actor={}", id, actor);
        Webhook webhook = find(id);
        return webhook == null ? null : new Webhook.Made(webhook, key.secret());
    }

    public boolean remove(String id, String actor) {
        log.info("webhook removed webhook={} actor={}", id, actor);
        return store.remove(id, actor);
    }

    public boolean test(String id, String actor) {
        return store.test(id, actor);
    }

    public int revive(String id) {
        return store.revive(id);
    }

    private WebhookStore.Key key() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new WebhookStore.Key(
                "k-" + hex(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    private String hex() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
