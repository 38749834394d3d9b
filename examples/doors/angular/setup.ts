/** What `ng test` does before each test: here Vitest runs without Angular's command line. */
import { TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { afterEach } from 'vitest'

TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
afterEach(() => TestBed.resetTestingModule())
