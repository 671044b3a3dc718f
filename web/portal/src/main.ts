import { mount } from 'svelte';
import './portal.css';
import App from './App.svelte';

mount(App, { target: document.getElementById('app')! });
