package io.sluice.orchestrator.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which of {@link BodyDocument#TYPES} {@link Bodies} reads a body as: for the API's document, which cannot see it. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@interface Reads {
    Class<?> value();
}
