package io.sluice.orchestrator.web.idempotency;

import org.jspecify.annotations.Nullable;

/** Calls and their answers on stable storage, for a day; shared by all replicas. */
public interface KeptAnswers {
    /**
     * One call.
     *
     * @param operator whose key it is
     * @param hash SHA-256 of the request, in hexadecimal
     */
    record Call(String operator, String key, String hash) {}

    /** What was answered. */
    record Answer(
            int status,
            @Nullable String contentType,
            @Nullable String location,
            String body) {}

    /** What is known of a call. */
    sealed interface Claim {
        /** Nothing: it is to be done now, and no other call of this key is until it is kept or forgotten. */
        record Fresh() implements Claim {}

        /** It was answered before. */
        record Answered(Answer answer) implements Claim {}

        /** It is being done at this moment. */
        record Busy() implements Claim {}

        /** The key was used for another request. */
        record Taken() implements Claim {}
    }

    /** Claims the key. A claim whose server died is given to the next call a minute later. */
    Claim claim(Call call);

    void keep(Call call, Answer answer);

    /** As if it had never been asked. */
    void forget(Call call);
}
